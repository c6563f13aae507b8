using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.LocalPostgres;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;
using Shabou.Standby.Servers;

namespace Shabou.Standby.Data;

/// <summary>Makes a standby's data: all of the primary's, over the wire, with a slot that keeps what comes after.</summary>
internal sealed partial class CopyPrimary(StandbyFolder folder, PostgresPrograms programs, IOptions<StandbyOptions> options, ILogger<CopyPrimary> logger)
{
    /// <summary>Makes our own standby's data. What is in its folder is replaced when the copy is whole.</summary>
    /// <param name="primary">Takes writes.</param>
    /// <param name="cancellationToken">Stops copying; the next start begins anew.</param>
    /// <exception cref="LocalPostgresException">A program is missing, or failed.</exception>
    public async Task RunAsync(DatabaseServer primary, CancellationToken cancellationToken)
    {
        await CopyAsync(primary, folder.Draft, cancellationToken);
        if (Directory.Exists(folder.Data.Path)) Directory.Delete(folder.Data.Path, recursive: true);
        Directory.Move(folder.Draft.Path, folder.Data.Path);
    }

    /// <summary>Makes a server that was the primary a standby of the present one. Its former data is kept beside it, as <c>.old</c>.</summary>
    /// <param name="primary">The present primary.</param>
    /// <param name="data">The data of the server that was it; nothing runs on it.</param>
    /// <param name="cancellationToken">Stops copying; nothing is changed then.</param>
    /// <exception cref="LocalPostgresException">The folder is no server's, or one runs on it; or a program failed.</exception>
    public async Task RejoinAsync(DatabaseServer primary, DataFolder data, CancellationToken cancellationToken)
    {
        if (!data.IsServer) throw new LocalPostgresException($"{data.Path} has no PostgreSQL server's data: name the folder of the server that was the primary.");
        if (data.RunningServer() is { } running) throw new LocalPostgresException($"A PostgreSQL server (process {running}) runs on {data.Path}: stop it first.");
        var draft = new DataFolder(data.Path + ".new");
        await CopyAsync(primary, draft, cancellationToken);
        // Of its own settings only the command line counts; where its primary is it finds here, with a password file that only it can read.
        await File.AppendAllTextAsync(Path.Combine(draft.Path, "postgresql.auto.conf"),
            $"\nprimary_conninfo = '{StandbyFolder.ConnectionInfo(primary, "pgpass")}'\nprimary_slot_name = '{DatabaseServer.Standby}'\n", cancellationToken);
        var passwords = Path.Combine(draft.Path, "pgpass");
        File.Copy(folder.PasswordFile, passwords);
        ServerUser.Needed?.Own(passwords);
        var old = data.Path + ".old";
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
        Directory.Move(data.Path, old);
        Directory.Move(draft.Path, data.Path);
        LogRejoined(data.Path);
    }

    private async Task CopyAsync(DatabaseServer primary, DataFolder draft, CancellationToken cancellationToken)
    {
        programs.RequireVersion(await VersionOfAsync(primary, cancellationToken));
        await PrepareAsync(primary, cancellationToken);
        LogCopying(primary.Host, primary.Port);
        if (Directory.Exists(draft.Path)) Directory.Delete(draft.Path, recursive: true);
        DataFolder.CreatePrivate(draft.Path);
        var login = new PostgresLogin(new NpgsqlConnectionStringBuilder
        {
            Host = primary.Host, Port = primary.Port, Username = DatabaseServer.ReplicationRole, Password = options.Value.ReplicationPassword,
        }.ConnectionString);
        await RunningProgram.RunAsync(programs.Require("pg_basebackup"),
            ["-D", draft.Path, "--wal-method=stream", "--checkpoint=fast", $"--slot={DatabaseServer.Standby}"], login, ServerUser.Needed, cancellationToken);
        var signal = Path.Combine(draft.Path, "standby.signal");
        await File.WriteAllTextAsync(signal, "", cancellationToken); // it follows, until it is told to lead
        ServerUser.Needed?.Own(signal);
        LogCopied();
    }

    /// <summary>The role and the slot. They come before the first migration, whose commits wait for the standby already.</summary>
    private async Task PrepareAsync(DatabaseServer primary, CancellationToken cancellationToken)
    {
        var password = await primary.UseAsync(async connection =>
        {
            await using var quote = new NpgsqlCommand("SELECT quote_literal($1)", connection) { Parameters = { new() { Value = options.Value.ReplicationPassword } } };
            return (string)(await quote.ExecuteScalarAsync(cancellationToken))!;
        }, cancellationToken);
        await primary.OrderAsync(cancellationToken,
            $"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{DatabaseServer.ReplicationRole}') THEN CREATE ROLE {DatabaseServer.ReplicationRole}; END IF; END $$",
            $"ALTER ROLE {DatabaseServer.ReplicationRole} LOGIN REPLICATION PASSWORD {password}",
            $"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '{DatabaseServer.Standby}' AND NOT active",
            $"SELECT pg_create_physical_replication_slot('{DatabaseServer.Standby}', true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '{DatabaseServer.Standby}')");
    }

    private static Task<int> VersionOfAsync(DatabaseServer primary, CancellationToken cancellationToken) =>
        primary.UseAsync(connection => Task.FromResult(connection.PostgreSqlVersion.Major), cancellationToken);

    [LoggerMessage(LogLevel.Information, "Copying the primary at {Host}:{Port}")] private partial void LogCopying(string host, int port);
    [LoggerMessage(LogLevel.Information, "The copy is whole")] private partial void LogCopied();
    [LoggerMessage(LogLevel.Information, "The data in {Folder} is a standby's now; start its server")] private partial void LogRejoined(string folder);
}
