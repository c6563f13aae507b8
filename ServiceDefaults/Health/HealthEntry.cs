using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shabou.ServiceDefaults.Health;

/// <summary>What one check said last.</summary>
/// <param name="Name">The check's.</param>
/// <param name="Status">Degraded until it has been looked at.</param>
/// <param name="Sentence">For an administrator; names no secret, host or version.</param>
/// <param name="Figures">Numbers, times and spans that the check measured, by name.</param>
/// <param name="Duration">How long the check took.</param>
/// <param name="LookedAt">When it had answered; null: not yet.</param>
/// <param name="ChangedAt">Since when the status is what it is.</param>
/// <param name="IsForReadiness">Whether <c>/health</c> depends on it; else it is only reported.</param>
public sealed record HealthEntry(
    string Name, HealthStatus Status, string Sentence, IReadOnlyDictionary<string, object> Figures, TimeSpan Duration,
    DateTimeOffset? LookedAt, DateTimeOffset ChangedAt, bool IsForReadiness);
