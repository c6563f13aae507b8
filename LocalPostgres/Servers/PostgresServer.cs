using System.Globalization;
using Npgsql;
using Shabou.LocalPostgres.Programs;

namespace Shabou.LocalPostgres.Servers;

/// <summary>A server that we started on a folder of data: on a port of 127.0.0.1, or on a socket that only its user and root reach.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly RunningProgram _program;
    private readonly DataFolder _data;

    private PostgresServer(RunningProgram program, DataFolder data, string host, int port) => (_program, _data, Host, Port) = (program, data, host, port);

    /// <summary>127.0.0.1, or the folder of the socket.</summary>
    public string Host { get; }

    public int Port { get; }

    /// <summary>Ends with the exit code when the server has ended, however that was.</summary>
    public Task<int> Exited => _program.Exited;

    /// <summary>What the server said last.</summary>
    public IReadOnlyList<string> LastLines => _program.LastLines;

    /// <summary>Starts a server and waits until it lets somebody in: after recovery, or as a hot standby.</summary>
    /// <param name="programs">Has postgres.</param>
    /// <param name="data">Made by initdb or pg_basebackup; it is given to the user that runs servers. A stale lock file is removed.</param>
    /// <param name="settings">Of the server, such as <c>("fsync", "off")</c>.</param>
    /// <param name="port">On 127.0.0.1; null: on a socket in the data folder's <c>socket</c> beside it, for nobody else.</param>
    /// <param name="output">Hears each line of the server's log.</param>
    /// <param name="cancellationToken">Stops waiting, and the server.</param>
    /// <exception cref="LocalPostgresException">Something else runs on the folder, or the server ended: the message has its last words.</exception>
    public static async Task<PostgresServer> StartAsync(
        PostgresPrograms programs, DataFolder data, IEnumerable<(string Name, string Value)> settings, int? port = null, Action<string>? output = null, CancellationToken cancellationToken = default)
    {
        var server = Start(programs, data, settings, port, output);
        try
        {
            await server.WaitUntilReadyAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server and does not wait for it: a standby may take its time. See <see cref="WaitUntilReadyAsync"/>.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static PostgresServer Start(PostgresPrograms programs, DataFolder data, IEnumerable<(string Name, string Value)> settings, int? port = null, Action<string>? output = null)
    {
        if (data.RunningServer() is { } other)
            throw new LocalPostgresException(string.Create(CultureInfo.InvariantCulture, $"A PostgreSQL server (process {other}) is running on {data.Path}: stop it first."));
        data.ClearStaleLock();
        ServerUser.Needed?.Own(data.Path);
        var socket = port is null ? SocketFolder() : "";
        List<(string Name, string Value)> all =
        [
            ("listen_addresses", port is null ? "" : "127.0.0.1"), ("port", (port ?? SocketPort).ToString(CultureInfo.InvariantCulture)), ("unix_socket_directories", socket),
            ("logging_collector", "off"), ("log_destination", "stderr"), .. settings,
        ];
        var program = RunningProgram.Start(programs.Require("postgres"), ["-D", data.Path, .. all.SelectMany(s => (string[])["-c", $"{s.Name}={s.Value}"])], user: ServerUser.Needed, output: output);
        return new(program, data, port is null ? socket : "127.0.0.1", port ?? SocketPort);
    }

    /// <summary>A connection string without a password, which the socket of a scratch server does not ask for.</summary>
    public string ConnectionString(string user, string database) =>
        new NpgsqlConnectionStringBuilder { Host = Host, Port = Port, Username = user, Database = database, Pooling = false, CommandTimeout = 0, SslMode = SslMode.Disable }.ConnectionString;

    /// <summary>Ends when the server lets somebody in.</summary>
    /// <exception cref="LocalPostgresException">It ended instead.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        while (_data.Status() != "ready")
        {
            if (Exited.IsCompleted) throw new LocalPostgresException($"The PostgreSQL server on {_data.Path} ended: {Why()}");
            await Task.Delay(Look, cancellationToken);
        }
    }

    /// <summary>Ends sessions, writes a checkpoint, and ends.</summary>
    public Task StopAsync() => _program.StopAsync(Native.Interrupt);

    /// <summary>As when the power goes: nothing is written any more.</summary>
    public Task KillAsync() => _program.StopAsync(Native.Quit);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _program.DisposeAsync();
        if (Host.StartsWith('/') && Directory.Exists(Host)) Directory.Delete(Host, recursive: true);
    }

    private const int SocketPort = 5432; // only names the socket's file

    // Short, as the path of a socket has at most 107 bytes.
    private static string SocketFolder()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"shabou-{Guid.NewGuid():N}"[..20]);
        DataFolder.CreatePrivate(folder);
        return folder;
    }

    private string Why()
    {
        foreach (var mark in (string[])["FATAL:", "PANIC:"])
            if (LastLines.LastOrDefault(line => line.Contains(mark, StringComparison.Ordinal)) is { } line)
                return line[(line.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..].Trim() + ".";
        return _program.LastWords;
    }
}
