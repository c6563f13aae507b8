using Npgsql;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.LocalPostgres.Programs;

namespace Shabou.Backups.Verifying;

/// <summary>Restores a dump into a scratch server and counts.</summary>
internal sealed class VerifyDump(PostgresPrograms programs, ScratchServers scratch)
{
    private const string Database = "restored";
    private const long Growth = 8; // a dump is compressed and has no indexes

    /// <returns>Rows found.</returns>
    /// <exception cref="BackupException">The dump does not count; the message says why.</exception>
    public async Task<long> RunAsync(StoredBackup backup, CancellationToken cancellationToken)
    {
        await BackupFiles.RequireWholeAsync(backup.Folder, backup.Manifest, cancellationToken);
        await using var server = await scratch.StartEmptyAsync(scratch.NewFolder(backup.Manifest.Bytes * Growth), cancellationToken);
        await using (var owner = await server.Login(ScratchServers.Superuser, "postgres").OpenAsync(cancellationToken))
        await using (var create = new NpgsqlCommand($"CREATE DATABASE {Database}", owner))
            await create.ExecuteNonQueryAsync(cancellationToken);
        var login = server.Login(ScratchServers.Superuser, Database);
        await RestoreAsync(programs, login, Path.Combine(backup.Folder, MakeDump.FileName), ["--no-owner", "--no-privileges"], cancellationToken);
        await using var restored = await login.OpenAsync(cancellationToken);
        return await RowComparison.RequireEqualAsync(restored, backup.Manifest, cancellationToken);
    }

    /// <summary>Runs pg_restore with as many workers as the machine has processors, four at most.</summary>
    internal static Task RestoreAsync(PostgresPrograms programs, PostgresLogin login, string file, IEnumerable<string> options, CancellationToken cancellationToken) =>
        RunningProgram.RunAsync(programs.Require("pg_restore"),
            [.. options, "--exit-on-error", "--no-password", $"--jobs={Math.Clamp(Environment.ProcessorCount, 1, 4)}", $"--dbname={login.Database}", file], login, cancellationToken: cancellationToken);
}
