using Npgsql;
using Shabou.Backups;
using Shabou.Backups.Making;
using Shabou.Backups.Records;
using Shabou.LocalPostgres.Programs;

namespace Shabou.Migrator;

/// <summary>Data that a migration is about to change are in a verified backup first.</summary>
internal sealed partial class RequireBackup(RunBackups backups, ILogger<RequireBackup> logger)
{
    private static readonly TimeSpan Young = TimeSpan.FromHours(24);

    /// <summary>Finds a verified backup of the last 24 hours, or makes a dump and restores it for its check.</summary>
    /// <exception cref="BackupException">There is none and none can be made: nothing was migrated.</exception>
    public async Task RunAsync(NpgsqlConnection owner, string connectionString, MigratorOptions options, CancellationToken cancellationToken)
    {
        if (!await RowCounts.AnyAsync(owner, cancellationToken)) return;
        if (options.WithoutBackupOf == owner.Database)
        {
            LogWithout(owner.Database);
            return;
        }
        if (await BackupRecords.AgeAsync(owner, cancellationToken) is { } age && age < Young) return;
        var outcome = await backups.RunAsync(new PostgresLogin(connectionString), MakeDump.Kind, cancellationToken);
        if (!outcome.Succeeded)
            throw new BackupException($"The migration was not begun, as no verified backup is younger than 24 hours and none could be made. {outcome.Sentence} Or set WithoutBackupOf={owner.Database} to migrate without a backup.");
        LogMade(outcome.Sentence);
    }

    [LoggerMessage(LogLevel.Warning, "The database {Database} is migrated without a backup, as WithoutBackupOf names it")] private partial void LogWithout(string database);
    [LoggerMessage(LogLevel.Information, "Before the migration: {Sentence}")] private partial void LogMade(string sentence);
}
