using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Health;

namespace Shabou.Gateway.Health;

/// <summary>How everything is that the gateway needs or watches.</summary>
/// <param name="Status">The worst of the checks: Healthy, Degraded or Unhealthy.</param>
/// <param name="Ready">What /health answers: whether this gateway can serve.</param>
/// <param name="Checks">By name.</param>
internal sealed record HealthReport(HealthStatus Status, bool Ready, IReadOnlyList<CheckReport> Checks)
{
    internal static HealthReport Of(IReadOnlyList<HealthEntry> entries, DateTimeOffset now) => new(
        entries.Select(entry => entry.Status).DefaultIfEmpty(HealthStatus.Healthy).Min(),
        !entries.Any(entry => entry is { IsForReadiness: true, Status: HealthStatus.Unhealthy }),
        [.. entries.Select(entry => CheckReport.Of(entry, now))]);
}

/// <summary>One check.</summary>
/// <param name="Name">Such as postgres.</param>
/// <param name="Status">Healthy, Degraded or Unhealthy.</param>
/// <param name="Detail">One sentence.</param>
/// <param name="Figures">What was measured.</param>
/// <param name="DurationMs">How long the check took.</param>
/// <param name="AgeSeconds">How long ago that was; null: not yet.</param>
/// <param name="ChangedAt">Since when the status is what it is.</param>
/// <param name="DecidesReadiness">Whether /health depends on it.</param>
internal sealed record CheckReport(
    string Name, HealthStatus Status, string Detail, IReadOnlyDictionary<string, object> Figures, double DurationMs, double? AgeSeconds, DateTimeOffset ChangedAt, bool DecidesReadiness)
{
    internal static CheckReport Of(HealthEntry entry, DateTimeOffset now) => new(
        entry.Name, entry.Status, entry.Sentence, entry.Figures, Math.Round(entry.Duration.TotalMilliseconds, 1),
        entry.LookedAt is { } at ? Math.Round((now - at).TotalSeconds, 1) : null, entry.ChangedAt, entry.IsForReadiness);
}

/// <summary>The report for administrators; /alive and /health tell everybody else one word.</summary>
internal static class HealthReportEndpoint
{
    internal static void MapHealthReport(this IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/health", Get)
        .WithName("GetHealth").WithTags("Health").WithSummary("How everything is, check by check").RequireAuthorization(Policies.Admin);

    private static JsonHttpResult<HealthReport> Get(HealthWatch watch, TimeProvider time, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(HealthReport.Of(watch.Entries, time.GetUtcNow()), HealthJson.Default.HealthReport);
    }
}
