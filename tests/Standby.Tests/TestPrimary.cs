using System.Net;
using System.Net.Sockets;
using Npgsql;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;
using Shabou.Testing;

namespace Shabou.Standby.Tests;

/// <summary>A primary of a test's own, with the database <c>shop</c>, its table <c>orders</c>, and the role <c>app</c> that services would be.</summary>
internal sealed class TestPrimary : IAsyncDisposable
{
    public const string Superuser = "postgres";
    private readonly PostgresPrograms _programs = new(configured: null);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-pair-");
    private PostgresServer? _server;

    private TestPrimary()
    {
        ServerUser.Needed?.Own(_folder.FullName); // the server's user passes through it
        Data = new(Path.Combine(_folder.FullName, "primary"));
    }

    public int Port { get; private set; } = FreePort();

    public DataFolder Data { get; }

    /// <summary>Where the standby may live.</summary>
    public string StandbyFolder => Path.Combine(_folder.FullName, "standby");

    public static async Task<TestPrimary> StartAsync()
    {
        var primary = new TestPrimary();
        await primary.Data.InitializeAsync(primary._programs, Superuser, TestContext.Current.CancellationToken);
        await primary.StartAgainAsync();
        await primary.RunAsync("CREATE ROLE app LOGIN", "postgres");
        await primary.RunAsync("CREATE DATABASE shop OWNER app", "postgres");
        await primary.RunAsync("SET ROLE app; CREATE TABLE orders (id int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())", "shop");
        return primary;
    }

    public async Task StartAgainAsync() =>
        _server = await PostgresServer.StartAsync(_programs, Data, [("fsync", "off")], Port, cancellationToken: TestContext.Current.CancellationToken);

    public void Move() => Port = FreePort();

    public ValueTask StopAsync() => _server!.DisposeAsync();

    public void Signal(string signal) => Signals.Send(signal, Data.RunningServer() ?? throw new InvalidOperationException("The primary does not run."));

    /// <summary>kill -9 of the server and all its processes.</summary>
    public async Task KillAsync()
    {
        Signal(Signals.Kill);
        await _server!.Exited;
    }

    public string ConnectionString(string user = Superuser, string database = "postgres") =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Username = user, Database = database, Pooling = false, Timeout = 3 }.ConnectionString;

    public async Task RunAsync(string sql, string database = "shop", string user = Superuser)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(user, database));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 10 };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Ends when sessions that begin can write: the supervisor has opened it.</summary>
    public Task UntilOpenAsync() => Until.TrueAsync(async () =>
    {
        await using var connection = new NpgsqlConnection(ConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT current_setting('default_transaction_read_only') = 'off'", connection);
        return (bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }, 20, () => "an open primary");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
