using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Backups;
using Shabou.Backups.Making;
using Shabou.BackupService.Archive;
using Shabou.BackupService.Copying;
using Shabou.LocalPostgres.Programs;
using Shabou.Schema.BackupAges;

namespace Shabou.BackupService.Health;

/// <summary>Whether backups can be made, how old the newest verified one of each kind is, whether the WAL is archived and the second place fed. Never worse than degraded: the shop goes on.</summary>
internal sealed class BackupHealth(
    PostgresPrograms programs, WalArchiving archiving, SecondPlaceCopying copying, NpgsqlDataSource database, IOptions<BackupOptions> options, IOptions<BackupAgeOptions> ages) : IHealthCheck
{
    private static readonly string[] s_needed = ["pg_dump", "pg_restore", "pg_basebackup", "pg_verifybackup", "pg_receivewal", "pg_waldump", "initdb", "postgres"];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var objections = new List<string>();
            if (programs.Objection((await ServerFacts.ReadAsync(connection, cancellationToken)).Version, s_needed) is { } missing) objections.Add(missing);
            objections.AddRange((await BackupAge.ReadAsync(connection, cancellationToken)).Where(age => age.IsMissingOrOlderThan(ages.Value.TooOld)).Select(age => age.Sentence));
            objections.AddRange(copying.Objections);
            if (options.Value.ArchiveWal && archiving.State is { IsReceiving: false } state) objections.Add($"The WAL is not archived: {state.Sentence}");
            return objections.Count == 0 ? HealthCheckResult.Healthy("Backups are young and the WAL is archived.") : HealthCheckResult.Degraded(string.Join(' ', objections));
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Degraded("The database does not answer, so nothing can be backed up.", error);
        }
    }
}

internal static class BackupHealthSetup
{
    public static void AddBackupHealth(this IHostApplicationBuilder builder) => builder.Services.AddHealthChecks().AddCheck<BackupHealth>("backups");
}
