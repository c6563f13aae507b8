using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shabou.ServiceDefaults.Health;

namespace Shabou.ServiceDefaults.Telemetry;

/// <summary>Gives every request one id: the caller's if it is valid, else a new one. It is on the response, on every log line, on the
/// span, on every outgoing request, and is <see cref="HttpContext.TraceIdentifier"/>.</summary>
public sealed partial class RequestIds(RequestDelegate next, ILogger<RequestIds> logger)
{
    /// <summary>Letters, digits, dot, underscore and hyphen, at most 64 of them.</summary>
    public const string Header = "X-Request-ID";

    private const string Tag = "shabou.request_id";

    // Schema's command counter increments what it finds under this name on the request's activity.
    private const string SqlCommands = "sql.commands";

    /// <summary>Id of the request whose work runs here, also inside its spans; null outside requests.</summary>
    internal static string? Current
    {
        get
        {
            for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
            {
                if (activity.GetCustomProperty(Tag) is string id)
                {
                    return id;
                }
            }

            return null;
        }
    }

    /// <summary>Middleware; not for other code.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var started = Stopwatch.GetTimestamp();
        var id = http.Request.Headers[Header] is [{ } sent] && Valid().IsMatch(sent) ? sent : Guid.CreateVersion7().ToString();
        http.TraceIdentifier = id;
        http.Request.Headers[Header] = id; // a proxy forwards the request's headers, and must not forward an invalid id
        http.Response.OnStarting(static state =>
        {
            var http = (HttpContext)state;
            http.Response.Headers[Header] = http.TraceIdentifier; // here, because answering an error clears the headers
            return Task.CompletedTask;
        }, http);

        var commands = new StrongBox<int>();
        if (Activity.Current is { } activity)
        {
            activity.SetTag(Tag, id);
            activity.SetCustomProperty(Tag, id);
            activity.SetCustomProperty(SqlCommands, commands);
        }

        using (logger.BeginScope(new KeyValuePair<string, object?>[] { new("RequestId", id) }))
        {
            try
            {
                await next(http);
            }
            finally
            {
                LogAnswered(http, Stopwatch.GetElapsedTime(started), commands.Value);
                RequestTelemetry.SqlCommands.Record(commands.Value, new KeyValuePair<string, object?>("http.route", (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText));
            }
        }
    }

    private void LogAnswered(HttpContext http, TimeSpan elapsed, int sqlCommands)
    {
        var level = HealthEndpoints.IsHealthPath(http.Request.Path) ? LogLevel.Debug : LogLevel.Information; // probes come every few seconds
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var milliseconds = Math.Round(elapsed.TotalMilliseconds, 1);
        LogAnswered(level, http.Request.Method, http.Request.Path, http.Response.StatusCode, milliseconds, sqlCommands, route);
    }

    [LoggerMessage(Message = "{Method} {Path} answered {Status} in {ElapsedMs} ms with {SqlCommands} SQL commands (route {Route})")]
    private partial void LogAnswered(LogLevel level, string method, PathString path, int status, double elapsedMs, int sqlCommands, string? route);

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}

internal static class RequestIdRegistration
{
    public static void AddRequestIds(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.TryAddTransient<RequestIdForwarding>();
    }

    public static void UseRequestIds(this WebApplication app) => app.UseMiddleware<RequestIds>();
}
