using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Shabou.ServiceDefaults.Health;

/// <summary>Two questions that anybody may ask, in every environment, answered with one word.</summary>
public static class HealthEndpoints
{
    /// <summary>Is the process alive? Checks with tag <see cref="Live"/> only; depends on nothing else.</summary>
    public const string AlivePath = "/alive";

    /// <summary>Can it serve? All checks; 503 when one is unhealthy.</summary>
    public const string HealthPath = "/health";

    /// <summary>Tag of checks whose failure means: restart this process.</summary>
    public const string Live = "live";

    // A database that is away is retried for a minute by its driver; whoever probes cannot wait for that.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    internal static bool IsHealthPath(PathString path) => path == AlivePath || path == HealthPath;

    internal static void AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);
        AddAnswer(builder.Services, AlivePath, check => check.Tags.Contains(Live));
        AddAnswer(builder.Services, HealthPath, _ => true);
    }

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
