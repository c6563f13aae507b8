using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Shabou.Schema.BackupAges;

namespace Shabou.Gateway.Health.Checks;

/// <summary>How old the newest backup of each kind is that was restored and found whole: the others are hopes.</summary>
internal sealed class BackupCheck(HealthDatabase database, IOptions<BackupAgeOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => database.AskAsync(BackupAge.Sql, row =>
    {
        var (ages, tooOld) = (BackupAge.Read(row), options.Value.TooOld);
        var late = ages.Where(age => age.IsMissingOrOlderThan(tooOld)).ToList();
        var status = ages.Any(age => age.Age > tooOld * 2) ? HealthStatus.Unhealthy : late.Count > 0 ? HealthStatus.Degraded : HealthStatus.Healthy;
        var sentence = late.Count > 0 ? string.Join(' ', late.Select(age => age.Sentence))
            : $"The newest checked backups: {string.Join(", ", ages.Select(age => $"{age.Kind} {HealthDatabase.Words(age.Age!.Value)}"))} old.";
        return new(status, sentence, data: ages.Where(age => age.Age is not null).ToDictionary(age => $"{age.Kind}AgeHours", object (age) => Math.Round(age.Age!.Value.TotalHours, 1)));
    }, "the age of the backups", cancellationToken);
}
