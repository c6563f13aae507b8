using Npgsql;
using Shabou.Backups.Places;
using Shabou.LocalPostgres.Programs;
using Shabou.Schema.Ops;

namespace Shabou.Backups.Making;

/// <summary>Makes the portable copy of one database: <c>pg_dump -Fc</c> of a snapshot in which the rows were counted too.</summary>
internal sealed class MakeDump(PostgresPrograms programs, Space space, TimeProvider time)
{
    public const string Kind = Backup.Dump;
    public const string FileName = "database.dump";

    /// <returns>The folder of the backup, which is not verified yet.</returns>
    /// <exception cref="BackupException">There is not enough room.</exception>
    /// <exception cref="LocalPostgresException">pg_dump is missing, too old or failed.</exception>
    public async Task<StoredBackup> RunAsync(PostgresLogin login, string folder, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        await using var connection = await login.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        string snapshot;
        await using (var export = new NpgsqlCommand("SELECT pg_export_snapshot()", connection)) snapshot = (string)(await export.ExecuteScalarAsync(cancellationToken))!;
        var facts = await ServerFacts.ReadAsync(connection, cancellationToken);
        programs.RequireVersion(facts.Version);
        var rows = await RowCounts.ReadAsync(connection, cancellationToken);

        using var draft = BackupDraft.Begin(folder, facts.SystemIdentifier, Kind, started);
        space.Require(draft.Folder, facts.Bytes / 2); // compressed
        await RunningProgram.RunAsync(programs.Require("pg_dump"),
            ["--format=custom", "--compress=1", $"--snapshot={snapshot}", "--no-password", $"--file={Path.Combine(draft.Folder, FileName)}"], login.At(connection), cancellationToken: cancellationToken);
        return draft.Complete(new()
        {
            Kind = Kind, Database = login.Database, Role = connection.UserName ?? "", SchemaVersion = facts.AppliedMigration, SystemIdentifier = facts.SystemIdentifier,
            ServerVersion = facts.Version, DataDirectory = facts.DataDirectory, Timeline = facts.Timeline, WalStart = facts.WalPosition,
            StartedAt = started, FinishedAt = time.GetUtcNow(), Rows = rows, Files = await BackupFiles.ReadAsync(draft.Folder, cancellationToken),
        });
    }
}
