using System.Globalization;
using System.Text.RegularExpressions;
using Shabou.Backups.Making;
using Shabou.Backups.Verifying;
using Shabou.LocalPostgres;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;
using Shabou.Schema;

namespace Shabou.Backups.Restoring;

/// <summary>Makes a folder of data from a base backup and archived WAL: recovered, looked at and stopped in order, before anybody relies on it.</summary>
internal sealed partial class RestoreBase(PostgresPrograms programs, Space space)
{
    private static readonly (string, string)[] s_settings =
    [
        // The folder is fetched from the archive beforehand; "false" says that there is no more.
        ("restore_command", "false"), ("recovery_target_action", "promote"), ("hot_standby", "off"), ("autovacuum", "off"), ("ssl", "off"), ("archive_mode", "off"),
        ("synchronous_standby_names", ""), ("primary_conninfo", ""), ("primary_slot_name", ""), ("shared_preload_libraries", ""), ("max_connections", "20"), ("max_wal_size", "4GB"),
    ];

    /// <summary>Puts the restored data in place of a server's; the folder that was there is kept beside it.</summary>
    /// <param name="plan">Made just now.</param>
    /// <param name="target">The server's folder.</param>
    /// <param name="now">Names what is kept.</param>
    /// <param name="cancellationToken">Gives up; the server's folder is as it was.</param>
    /// <exception cref="BackupException">A server runs on the folder, a file is damaged, or the WAL ends too soon. Nothing was touched.</exception>
    public async Task<RestoreResult> IntoPlaceAsync(RestorePlan plan, DataFolder target, DateTimeOffset now, CancellationToken cancellationToken)
    {
        RequireStopped(target);
        var draft = new DataFolder(target.Path + ".restoring");
        if (draft.RunningServer() is not null) throw new BackupException($"Another restore is at work in {draft.Path}: wait for it, or end it.");
        try
        {
            if (Directory.Exists(draft.Path)) Directory.Delete(draft.Path, recursive: true);
            DataFolder.CreatePrivate(draft.Path);
            var result = await RecoverAsync(plan, draft, cancellationToken);
            RequireStopped(target); // a restore takes minutes
            string? kept = null;
            if (Directory.Exists(target.Path))
            {
                kept = $"{target.Path}.before-restore-{Places.StoredBackup.NameOf(now)}";
                Directory.Move(target.Path, kept);
            }
            Directory.Move(draft.Path, target.Path);
            return result with { Kept = kept };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The folder {target.Path} cannot be replaced ({error.Message.TrimEnd('.')}): restore beside it with --into <folder>, and move it there.", error);
        }
        finally
        {
            if (Directory.Exists(draft.Path)) Directory.Delete(draft.Path, recursive: true);
        }
    }

    /// <exception cref="BackupException">A server runs on it, or it has something else in it.</exception>
    public static void RequireStopped(DataFolder target)
    {
        if (target.RunningServer() is { } server)
            throw new BackupException(string.Create(CultureInfo.InvariantCulture, $"A PostgreSQL server (process {server}) is running on {target.Path}: stop it first, or restore elsewhere with --into <folder>."));
        if (Directory.Exists(target.Path) && !target.IsServer && Directory.EnumerateFileSystemEntries(target.Path).Any())
            throw new BackupException($"{target.Path} is not empty and has no server's data: name the data folder of the server, or an empty one.");
    }

    /// <summary>Unpacks, recovers and stops; the folder can then be started as a server.</summary>
    /// <param name="data">Empty.</param>
    public async Task<RestoreResult> RecoverAsync(RestorePlan plan, DataFolder data, CancellationToken cancellationToken)
    {
        space.Require(data.Path, plan.Backup.Manifest.Bytes * BaseFiles.Growth + plan.Segments.Sum(segment => new FileInfo(segment.Path).Length));
        await BaseFiles.UnpackAsync(programs, plan.Backup, data, cancellationToken);
        var wal = Path.Combine(data.Path, "pg_wal");
        foreach (var segment in plan.Segments) File.Copy(segment.Path, Path.Combine(wal, segment.Name), overwrite: true);
        foreach (var history in plan.Histories) File.Copy(history, Path.Combine(wal, Path.GetFileName(history)), overwrite: true);
        await WalCheck.RequireReadableAsync(programs, plan, wal, cancellationToken);

        await File.WriteAllTextAsync(Path.Combine(data.Path, "recovery.signal"), "", cancellationToken);
        var reached = await RunRecoveryAsync(plan, data, cancellationToken);
        foreach (var own in Directory.EnumerateFiles(data.Path, "scratch_*")) File.Delete(own);
        await RunningProgram.RunAsync(programs.Require("initdb"), ["--sync-only", "-D", data.Path], user: ServerUser.Needed, cancellationToken: cancellationToken);
        return reached;
    }

    private async Task<RestoreResult> RunRecoveryAsync(RestorePlan plan, DataFolder data, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        (string, string)[] target = plan.Until is { } until
            ? [("recovery_target_time", until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff+00", CultureInfo.InvariantCulture))]
            : plan.Segments.Count == 0 ? [("recovery_target_timeline", "current")] : [];
        try
        {
            await using var server = await PostgresServer.StartAsync(programs, data, [.. s_settings, .. ScratchServers.OwnFiles(data), .. target],
                output: line => { lock (lines) lines.Add(line); }, cancellationToken: cancellationToken);
            var manifest = plan.Backup.Manifest;
            await using var connection = await new PostgresLogin(server.ConnectionString(manifest.Role, manifest.Database)).OpenAsync(cancellationToken);
            var schema = (await SchemaVersion.OfAsync(connection, cancellationToken)).Applied;
            var rows = await RowCounts.ReadAsync(connection, cancellationToken); // reads every table to its end
            string? last;
            lock (lines) last = lines.Select(line => LastTransaction().Match(line)).LastOrDefault(match => match.Success)?.Groups[1].Value;
            return new(rows, schema, last, Kept: null);
        }
        catch (LocalPostgresException ended) when (ended.Message.Contains("recovery ended before configured recovery target was reached", StringComparison.Ordinal))
        {
            throw new BackupException($"The archived WAL ends before {RestorePlan.Text(plan.Until!.Value)}: name an earlier moment, or restore all there is with './restore last'.", ended);
        }
    }

    [GeneratedRegex(@"last completed transaction was at log time (.+)$")] private static partial Regex LastTransaction();
}

/// <summary>What a restore brought back.</summary>
/// <param name="LastTransaction">When the last restored transaction was committed, as the server's log says; null when none was in the WAL.</param>
/// <param name="Kept">Where the data are that were there before; null when there were none.</param>
internal sealed record RestoreResult(IReadOnlyDictionary<string, long> Rows, string? AppliedMigration, string? LastTransaction, string? Kept);
