using System.Text.Json;
using Npgsql;
using Shabou.Backups.Places;
using Shabou.LocalPostgres;
using Shabou.LocalPostgres.Programs;
using Shabou.Schema.Ops;

namespace Shabou.Backups.Making;

/// <summary>Makes a base backup of the whole server by the replication protocol: what a restore to any later moment begins with.</summary>
internal sealed class MakeBase(PostgresPrograms programs, Space space, TimeProvider time)
{
    public const string Kind = Backup.Base;
    public const string DataFile = "base.tar.gz";
    public const string WalFile = "pg_wal.tar.gz";
    public const string PostgresManifest = "backup_manifest";

    /// <inheritdoc cref="MakeDump.RunAsync"/>
    public async Task<StoredBackup> RunAsync(PostgresLogin login, string folder, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        await using var connection = await login.OpenAsync(cancellationToken);
        var facts = await ServerFacts.ReadAsync(connection, cancellationToken);
        programs.RequireVersion(facts.Version);
        var (before, changesBefore) = await CountAsync(connection, cancellationToken);

        using var draft = BackupDraft.Begin(folder, facts.SystemIdentifier, Kind, started);
        space.Require(draft.Folder, facts.Bytes / 2); // compressed
        await RunningProgram.RunAsync(programs.Require("pg_basebackup"),
            [$"--pgdata={draft.Folder}", "--format=tar", "--wal-method=stream", "--compress=client-gzip:1", "--checkpoint=fast", "--manifest-checksums=SHA256", "--no-password", "--label=shabou"],
            login.At(connection), cancellationToken: cancellationToken);
        if (Directory.EnumerateFiles(draft.Folder, "*.tar.gz").Any(file => Path.GetFileName(file) is not (DataFile or WalFile)))
            throw new BackupException("The server has tablespaces, which a restore would not know where to put: move their tables to pg_default, or rely on the dump.");

        var (after, changesAfter) = await CountAsync(connection, cancellationToken);
        var (timeline, start, end) = WalRange(draft.Folder);
        return draft.Complete(new()
        {
            Kind = Kind, Database = login.Database, Role = connection.UserName ?? "", SchemaVersion = facts.AppliedMigration, SystemIdentifier = facts.SystemIdentifier,
            ServerVersion = facts.Version, DataDirectory = facts.DataDirectory, Timeline = timeline, WalStart = start, WalEnd = end,
            StartedAt = started, FinishedAt = time.GetUtcNow(), Rows = before,
            Changed = [.. before.Keys.Where(table => !after.TryGetValue(table, out var rows) || rows != before[table] || changesBefore.GetValueOrDefault(table) != changesAfter.GetValueOrDefault(table))],
            Files = await BackupFiles.ReadAsync(draft.Folder, cancellationToken),
        });
    }

    private static async Task<(SortedDictionary<string, long> Rows, Dictionary<string, long> Changes)> CountAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        return (await RowCounts.ReadAsync(connection, cancellationToken), await RowCounts.ChangesAsync(connection, cancellationToken));
    }

    private static (int Timeline, string Start, string End) WalRange(string folder)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, PostgresManifest)));
        var ranges = manifest.RootElement.GetProperty("WAL-Ranges");
        var last = ranges[ranges.GetArrayLength() - 1];
        return (last.GetProperty("Timeline").GetInt32(), ranges[0].GetProperty("Start-LSN").GetString()!, last.GetProperty("End-LSN").GetString()!);
    }
}
