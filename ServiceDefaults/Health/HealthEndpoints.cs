using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Telemetry;

namespace Shabou.ServiceDefaults.Health;

/// <summary>Two questions that anybody may ask, in every environment, answered with one word.</summary>
public static class HealthEndpoints
{
    /// <summary>Is the process alive? Checks with tag <see cref="Live"/> only; depends on nothing else.</summary>
    public const string AlivePath = "/alive";

    /// <summary>Can it serve? All checks but those with tag <see cref="Deep"/>; 503 when one is unhealthy.</summary>
    public const string HealthPath = "/health";

    /// <summary>Tag of checks whose failure means: restart this process.</summary>
    public const string Live = "live";

    /// <summary>Tag of checks that are only reported: what they watch is shared by all replicas or needs a person,
    /// so taking this process out of service would help nobody.</summary>
    public const string Deep = "deep";

    // A database that is away is retried for a minute by its driver; whoever probes cannot wait for that.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    internal static bool IsHealthPath(PathString path) => path == AlivePath || path == HealthPath;

    internal static void AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);
        AddAnswer(builder.Services, AlivePath, check => check.Tags.Contains(Live));
        AddAnswer(builder.Services, HealthPath, IsForReadiness);
        builder.Services.AddSingleton<FirstReady>();
    }

    /// <summary>Looks at all checks in the background and remembers what they say: see <see cref="HealthWatch"/>.</summary>
    public static void AddHealthWatch(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<HealthWatchOptions>().BindConfiguration(HealthWatchOptions.Section).ValidateDataAnnotations()
            .Validate(o => o.Every + o.Patience < HealthWatchOptions.Promise, "Health:Every and Health:Patience together must be less than 10 seconds: so soon a failure is promised to be seen.")
            .ValidateOnStart();
        builder.Services.AddSingleton(services => new HealthWatch(
            services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<IOptions<HealthCheckServiceOptions>>(), services.GetRequiredService<IOptions<HealthWatchOptions>>(),
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<Redactor>(), services.GetRequiredService<IMeterFactory>(), services.GetRequiredService<ILogger<HealthWatch>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<HealthWatch>());
    }

    internal static bool IsForReadiness(HealthCheckRegistration check) => !check.Tags.Contains(Deep);

    internal static void MapHealth(this WebApplication app)
    {
        foreach (var path in (string[])[AlivePath, HealthPath])
        {
            var answer = app.Services.GetRequiredKeyedService<HealthAnswer>(path);
            app.MapGet(path, context => AnswerAsync(context, answer)).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static void AddAnswer(IServiceCollection services, string path, Func<HealthCheckRegistration, bool> which) =>
        services.AddKeyedSingleton(path, (provider, _) => new HealthAnswer(provider.GetRequiredService<HealthCheckService>(), which, Patience));

    private static async Task AnswerAsync(HttpContext http, HealthAnswer answer)
    {
        var status = await answer.GetAsync();
        http.Response.StatusCode = status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(status.ToString(), http.RequestAborted);
    }
}
