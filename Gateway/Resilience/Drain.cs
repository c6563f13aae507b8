using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Health;

namespace Shabou.Gateway.Resilience;

/// <summary>The way out: first not ready any more, then no new connections, then no requests under way, then the end with code 0.</summary>
internal sealed partial class Drain(IOptions<DrainOptions> options, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService, IHealthCheck
{
    internal const string CheckName = "drain";

    private volatile bool _isOn;

    internal bool IsOn => _isOn;

    /// <summary>Comes before any service is stopped, Kestrel among them.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isOn = true;
        LogStarted(options.Value.Notice.TotalSeconds, options.Value.InFlight.TotalSeconds);
        if (options.Value.Notice > TimeSpan.Zero)
            await Task.Delay(options.Value.Notice, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isOn ? HealthCheckResult.Unhealthy("The gateway is ending.") : HealthCheckResult.Healthy());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Told to end: not ready any more, no connections after {Notice} s, no requests after {InFlight} s more")]
    private partial void LogStarted(double notice, double inFlight);
}

/// <summary>Sends clients away while the gateway ends: HTTP/1.1 by Connection: close after each answer, HTTP/2 by Kestrel's GOAWAY.</summary>
internal static class Drains
{
    internal static void AddDrain(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DrainOptions>()
            .Configure<IHostEnvironment>((drain, environment) => drain.Notice = environment.IsDevelopment() ? TimeSpan.Zero : drain.Notice)
            .BindConfiguration(DrainOptions.Section)
            .Validate(o => o.IsSane, "Drain:Notice must be from 0 to 1 minute, and Drain:InFlight from 1 s to 5 minutes.").ValidateOnStart();
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Drain>());
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<DrainOptions>>((host, drain) => host.ShutdownTimeout = drain.Value.Notice + drain.Value.InFlight);
        builder.Services.AddHealthChecks().AddCheck<Drain>(Drain.CheckName);
    }

    internal static IApplicationBuilder UseDrain(this IApplicationBuilder app)
    {
        var drain = app.ApplicationServices.GetRequiredService<Drain>();
        return app.Use((http, next) => drain.IsOn ? SendAwayAsync(http, next) : next(http));
    }

    private static Task SendAwayAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpProtocol.IsHttp11(http.Request.Protocol))
            http.Response.Headers.Connection = "close";
        if (http.Request.Path != HealthEndpoints.HealthPath)
            return next(http);
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable; // at once: the endpoint may remember its last answer for a second
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync(nameof(HealthStatus.Unhealthy), http.RequestAborted);
    }
}
