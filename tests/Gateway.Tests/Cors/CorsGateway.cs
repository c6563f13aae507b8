using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Cors;

/// <summary>A gateway before a service that thinks it may say itself who reads its answers.</summary>
public sealed class CorsGateway(GatewayFixture fixture) : IAsyncLifetime
{
    private WebApplication? _service;
    private GatewayHost? _gateway;
    private int _asked;

    internal GatewayHost Gateway => _gateway ?? throw new InvalidOperationException("Not started yet.");

    /// <summary>A key whose quota for costly requests is spent.</summary>
    internal IssuedKey Key { get; private set; } = null!;

    /// <summary>How many requests reached the service.</summary>
    internal int Asked => Volatile.Read(ref _asked);

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _service = builder.Build();
        _service.Run(AnswerAsync);
        await _service.StartAsync(TestContext.Current.CancellationToken);
        Key = await fixture.Postgres.IssueAsync();
        _gateway = fixture.Gateway(("Services:catalog:http:0", _service.Urls.Single()), ("Services:prospector:http:0", "http://127.0.0.1:1"),
            ("RateLimits:Policies:training:Requests", "1"), ("RateLimits:Policies:training:Window", "01:00:00"), ("RateLimits:Policies:default:Requests", "1000"));
        using var client = _gateway.Client(Key);
        using var spent = await client.PostAsync(new Uri("/api/v1/training-runs", UriKind.Relative), content: null, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_service is not null)
            await _service.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext http)
    {
        Interlocked.Increment(ref _asked);
        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowCredentials = "true";
        headers.AccessControlExposeHeaders = "X-Internal";
        headers.Server = "a-server/1.2.3";
        headers.XPoweredBy = "a-framework";
        headers.Vary = "Accept-Language";
        if (http.Request.Path.Value!.EndsWith("/cached", StringComparison.Ordinal))
            headers.CacheControl = "public, max-age=60";
        http.Response.StatusCode = http.Request.Path.Value.EndsWith("/broken", StringComparison.Ordinal) ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
        return http.Response.WriteAsync("answered", http.RequestAborted);
    }
}
