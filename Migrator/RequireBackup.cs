using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Backups;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Backups.Records;
using Shabou.LocalPostgres.Programs;

namespace Shabou.Migrator;

/// <summary>Data that a migration is about to change are in a verified backup first: a dump made now, or, where none can be made, one of the last 24 hours.</summary>
internal sealed partial class RequireBackup(RunBackups backups, IOptions<BackupOptions> places, TimeProvider time, ILogger<RequireBackup> logger)
{
    private static readonly TimeSpan Young = TimeSpan.FromHours(24);

    /// <summary>Makes a dump and restores it for its check, however young the last one is: what was written since is in no other but the archive.</summary>
    /// <exception cref="BackupException">None can be made and none is young enough: nothing was migrated.</exception>
    public async Task RunAsync(NpgsqlConnection owner, string connectionString, MigratorOptions options, CancellationToken cancellationToken)
    {
        if (!await RowCounts.AnyAsync(owner, cancellationToken)) return;
        if (options.WithoutBackupOf == owner.Database)
        {
            LogWithout(owner.Database);
            return;
        }
        var outcome = await backups.RunAsync(new PostgresLogin(connectionString), MakeDump.Kind, cancellationToken);
        if (outcome.Succeeded)
        {
            LogMade(outcome.Sentence);
            return;
        }
        if (await FindYoungAsync(owner, cancellationToken) is not { } young)
            throw new BackupException($"The migration was not begun, as no dump could be made and {Looked()} no verified backup of {owner.Database} younger than 24 hours. {outcome.Sentence} Or set WithoutBackupOf={owner.Database} to migrate without a backup.");
        LogRelied(young, outcome.Sentence);
    }

    private string Looked() => places.Value.Folder is { Length: > 0 } folder ? $"{Path.GetFullPath(folder)} has" : "ops.backups knows";

    /// <summary>In the folder, which is the truth; by the table only where no folder is named, as on a machine that has neither it nor PostgreSQL's programs.</summary>
    private async Task<string?> FindYoungAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        if (places.Value.Folder is not { Length: > 0 } folder)
            return await BackupRecords.AgeAsync(owner, cancellationToken) is { } age && age < Young ? $"which ops.backups knows and which is {age.TotalHours:0.0} h old" : null;
        var shelf = new BackupShelf(Path.GetFullPath(folder), (await ServerFacts.ReadAsync(owner, cancellationToken)).SystemIdentifier);
        try
        {
            foreach (var backup in RunBackups.Kinds.SelectMany(shelf.List).Where(backup => backup.VerifiedAt is not null && backup.Manifest.Database == owner.Database && IsYoung(backup.Manifest)))
                if (await IsWholeAsync(backup, cancellationToken)) return backup.Folder;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            LogDamaged(unreadable.Message);
        }
        return null;
    }

    // Nor one that a wrong clock dated ahead.
    private bool IsYoung(BackupManifest manifest) => (time.GetUtcNow() - manifest.FinishedAt).Duration() < Young;

    private async Task<bool> IsWholeAsync(StoredBackup backup, CancellationToken cancellationToken)
    {
        try
        {
            await BackupFiles.RequireWholeAsync(backup.Folder, backup.Manifest, cancellationToken);
            return true;
        }
        catch (BackupException damaged)
        {
            LogDamaged(damaged.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database {Database} is migrated without a backup, as WithoutBackupOf names it")] private partial void LogWithout(string database);
    [LoggerMessage(LogLevel.Information, "Before the migration: {Sentence}")] private partial void LogMade(string sentence);
    [LoggerMessage(LogLevel.Warning, "The migration relies on an earlier backup, {Backup}, as no dump could be made. {Sentence}")] private partial void LogRelied(string backup, string sentence);
    [LoggerMessage(LogLevel.Warning, "An earlier backup does not count. {Reason}")] private partial void LogDamaged(string reason);
}
