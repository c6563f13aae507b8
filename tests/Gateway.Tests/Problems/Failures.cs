using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Shabou.Gateway.Tests.Problems;

/// <summary>Addresses behind the gateway's whole pipeline that fail, one for each class of failure, as code of the gateway could.</summary>
internal sealed class Failures : IStartupFilter
{
    /// <summary>What must never be told: SQL, a path, a type's name.</summary>
    internal const string Leak = "SELECT secret FROM identity.api_keys at /home/shabou/Gateway.cs:12 in Shabou.Gateway.Leak";

    internal const string Prefix = "/fails/";
    internal const string Late = "late";

    internal static Dictionary<string, (Func<Exception> Error, string Kind, int Status)> All { get; } = new(StringComparer.Ordinal)
    {
        ["unexpected"] = (() => new InvalidOperationException(Leak), "unexpected", 500),
        ["unsupported"] = (() => new NotSupportedException(Leak), "unexpected", 500),
        ["no-memory"] = (() => new InsufficientMemoryException(Leak), "unexpected", 500),
        ["cancelled-by-us"] = (() => new OperationCanceledException(Leak), "unexpected", 500),
        ["bad-request"] = (() => new BadHttpRequestException(Leak), "bad-request", 400),
        ["too-large"] = (() => new BadHttpRequestException(Leak, 413), "too-large", 413),
        ["json"] = (() => new JsonException(Leak), "bad-request", 400),
        ["stale"] = (() => new DbUpdateConcurrencyException(Leak), "stale-version", 412),
        ["database-away"] = (() => new NpgsqlException(Leak, new SocketException()), "database-unavailable", 503),
        ["database-full"] = (() => new PostgresException(Leak, "FATAL", "FATAL", "53300"), "database-unavailable", 503),
        ["no-such-column"] = (() => new PostgresException(Leak, "ERROR", "ERROR", "42703"), "unexpected", 500),
        ["not-unique"] = (() => new DbUpdateException(Leak, new PostgresException(Leak, "ERROR", "ERROR", "23505")), "conflict", 409),
        ["upstream-away"] = (() => new HttpRequestException(Leak), "upstream-failed", 502),
        ["breaker-open"] = (() => new BrokenCircuitException(Leak), "upstream-failed", 502),
        ["upstream-slow"] = (() => new TimeoutRejectedException(Leak), "upstream-timeout", 504),
    };

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        app.MapWhen(http => http.Request.Path.StartsWithSegments(Prefix.TrimEnd('/')), failing => failing.Run(FailAsync));
    };

    private static async Task FailAsync(HttpContext http)
    {
        var name = http.Request.Path.Value![Prefix.Length..];
        if (All.TryGetValue(name, out var failure))
            throw failure.Error();
        await http.Response.WriteAsync("the first part", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        throw new InvalidOperationException(Leak);
    }
}
