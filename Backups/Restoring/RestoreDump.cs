using Npgsql;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Backups.Verifying;
using Shabou.LocalPostgres.Programs;
using Shabou.Schema;

namespace Shabou.Backups.Restoring;

/// <summary>Restores a dump into an empty database of any server. Grants are not in it: Migrator makes them at its next run.</summary>
internal sealed class RestoreDump(PostgresPrograms programs)
{
    private const string Occupied = """
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' ORDER BY 1 LIMIT 1
        """;

    /// <param name="file">The dump; its manifest lies beside it.</param>
    /// <param name="login">An owner's.</param>
    /// <returns>Rows restored.</returns>
    /// <exception cref="BackupException">The dump is damaged or of another release, or the database is not empty: nothing was changed.</exception>
    public async Task<long> RunAsync(string file, PostgresLogin login, CancellationToken cancellationToken)
    {
        if (!File.Exists(file)) throw new BackupException($"There is no file {file}: name a {MakeDump.FileName} of a backup.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var manifest = BackupManifest.Read(folder);
        if (manifest.SchemaVersion is { } version && string.CompareOrdinal(version, SchemaVersion.Compiled) > 0)
            throw new BackupException($"The dump is at migration {version}, which this release does not know (its last is {SchemaVersion.Compiled}): restore it with the release that made it.");
        await BackupFiles.RequireWholeAsync(folder, manifest, cancellationToken);

        await using var owner = await login.OpenAsync(cancellationToken);
        if (await ScalarAsync(owner, Occupied, cancellationToken) is string table)
            throw new BackupException($"The database {login.Database} is not empty (it has {table}): name an empty one, made for example with 'createdb'.");
        // Tables belong to migrator in the dump; on a new server there is no such role yet.
        if (await ScalarAsync(owner, $"SELECT 1 FROM pg_roles WHERE rolname = '{Roles.Migrator}'", cancellationToken) is null)
            await ScalarAsync(owner, $"CREATE ROLE {Roles.Migrator}", cancellationToken);
        await VerifyDump.RestoreAsync(programs, login.At(owner), file, ["--no-privileges"], cancellationToken);
        return await RowComparison.RequireEqualAsync(owner, manifest, cancellationToken);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
