using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Backups.Records;
using Shabou.Backups.Verifying;
using Shabou.LocalPostgres;
using Shabou.LocalPostgres.Programs;

namespace Shabou.Backups;

/// <summary>Makes a backup, restores it into a scratch server, and only then lets it count.</summary>
internal sealed partial class RunBackups(
    MakeDump makeDump, MakeBase makeBase, VerifyDump verifyDump, VerifyBase verifyBase, IOptions<BackupOptions> options, TimeProvider time, ILogger<RunBackups> logger)
{
    /// <inheritdoc cref="Schema.Ops.Backup.Kinds"/>
    public static IReadOnlyList<string> Kinds => Schema.Ops.Backup.Kinds;

    /// <summary>Makes and verifies one backup of one kind.</summary>
    /// <returns>What became of it; failures of the machine and of the server are such an outcome, too.</returns>
    public async Task<BackupOutcome> RunAsync(PostgresLogin login, string kind, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        StoredBackup? backup = null;
        try
        {
            var folder = options.Value.RequireFolder();
            backup = kind == MakeBase.Kind ? await makeBase.RunAsync(login, folder, cancellationToken) : await makeDump.RunAsync(login, folder, cancellationToken);
            LogMade(kind, backup.Folder);
            var rows = await VerifyAsync(backup, cancellationToken);
            await RecordAsync(login, backup, cancellationToken);
            new BackupShelf(folder, backup.Manifest.SystemIdentifier).Thin(kind, options.Value.Keep);
            var took = Stopwatch.GetElapsedTime(started);
            return new(kind, Succeeded: true, string.Create(CultureInfo.InvariantCulture,
                $"The {kind} of {backup.Name} has {Space.Words(backup.Manifest.Bytes)} and was restored and checked: {rows:N0} rows in {backup.Manifest.Rows.Count} tables, in {took.TotalSeconds:0.0} s."), took, backup);
        }
        catch (Exception error) when (error is BackupException or LocalPostgresException or NpgsqlException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            LogFailed(kind, error);
            return new(kind, Succeeded: false, backup is null ? $"No {kind} was made: {error.Message}" : $"The {kind} of {backup.Name} does not count: {error.Message}", Stopwatch.GetElapsedTime(started), backup);
        }
    }

    /// <summary>Restores a backup into a scratch server; when all is there, its folder says so.</summary>
    /// <returns>Rows found.</returns>
    internal async Task<long> VerifyAsync(StoredBackup backup, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var rows = backup.Manifest.Kind == MakeBase.Kind ? await verifyBase.RunAsync(backup, cancellationToken) : await verifyDump.RunAsync(backup, cancellationToken);
        new VerifiedMark(time.GetUtcNow(), Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1), rows).Write(backup.Folder);
        return rows;
    }

    // A database without the table, before its first migration, has the folder alone.
    private static async Task RecordAsync(PostgresLogin login, StoredBackup backup, CancellationToken cancellationToken)
    {
        await using var connection = await login.OpenAsync(cancellationToken);
        try
        {
            await BackupRecords.WriteAsync(connection, backup, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
        }
    }

    [LoggerMessage(LogLevel.Information, "Made a {Kind} in {Folder}; it is restored and checked now")] private partial void LogMade(string kind, string folder);
    [LoggerMessage(LogLevel.Error, "The {Kind} failed")] private partial void LogFailed(string kind, Exception error);
}

/// <summary>What became of one backup.</summary>
/// <param name="Sentence">For a person.</param>
/// <param name="Backup">Null when none was made.</param>
internal sealed record BackupOutcome(string Kind, bool Succeeded, string Sentence, TimeSpan Took, StoredBackup? Backup);
