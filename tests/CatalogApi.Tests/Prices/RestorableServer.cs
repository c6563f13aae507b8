using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shabou.Backups;
using Shabou.Backups.Archive;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Backups.Restoring;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;
using Shabou.Testing;

namespace Shabou.CatalogApi.Tests.Prices;

/// <summary>A PostgreSQL server of a test's own, durable as in production and with its WAL archived, to be destroyed and restored.</summary>
internal sealed class RestorableServer : IAsyncDisposable
{
    private const string Superuser = "postgres";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-restorable-");
    private readonly IHost _host;
    private readonly int _port = FreePort();
    private PostgresServer? _server;
    private WalReceiving? _receiving;

    private RestorableServer()
    {
        ServerUser.Needed?.Own(_folder.FullName); // the server's user passes through it
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Backups:Folder", Backups), new("Backups:KeepFree", "0")]);
        builder.AddBackups();
        _host = builder.Build();
    }

    /// <summary>The migrated database.</summary>
    public string Database => new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = _port, Username = Superuser, Database = "shabou", MaxPoolSize = 30 }.ConnectionString;

    private PostgresLogin Login => new(new NpgsqlConnectionStringBuilder(Database) { SslMode = SslMode.Disable }.ConnectionString);

    private DataFolder Data => new(Path.Combine(_folder.FullName, "data"));

    private string Backups => Path.Combine(_folder.FullName, "backups");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<RestorableServer> StartAsync()
    {
        var server = new RestorableServer();
        await server.Data.InitializeAsync(server.Get<PostgresPrograms>(), Superuser, Cancelled);
        await server.StartAgainAsync();
        await using (var connection = await server.Login.To("postgres").OpenAsync(Cancelled))
        await using (var create = new NpgsqlCommand("CREATE DATABASE shabou", connection))
            await create.ExecuteNonQueryAsync(Cancelled);
        await using var context = TestServers.ContextOn(server.Database);
        await context.Database.MigrateAsync(Cancelled);
        return server;
    }

    /// <summary>Archives from now on, and makes a verified base backup.</summary>
    public async Task BackUpAsync()
    {
        _receiving = await Get<WalReceiver>().StartAsync(Login, anew: false, Cancelled);
        var outcome = await Get<RunBackups>().RunAsync(Login, MakeBase.Kind, Cancelled);
        Assert.True(outcome.Succeeded, outcome.Sentence);
    }

    /// <summary>Up to where the WAL is on the disk: everything that was acknowledged is before it.</summary>
    public async Task<ulong> PositionAsync()
    {
        await using var connection = await Login.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand("SELECT pg_current_wal_flush_lsn()::text", connection);
        return WalSegment.Position((string)(await command.ExecuteScalarAsync(Cancelled))!);
    }

    /// <summary>The power goes, and the disk with all of its data and WAL.</summary>
    public async Task DestroyAsync()
    {
        await _server!.KillAsync();
        await _receiving!.Program.Exited;
        await _server.DisposeAsync();
        Directory.Delete(Data.Path, recursive: true);
    }

    /// <summary>Restores what the base backup and the archive have, and starts the server.</summary>
    /// <returns>Up to where the WAL could be restored.</returns>
    public async Task<ulong> RestoreAsync()
    {
        var plan = RestorePlan.Make(BackupShelf.All(Backups).Single(), until: null, withoutWal: false).WithWalOf(Data.Path);
        await Get<RestoreBase>().IntoPlaceAsync(plan, Data, DateTimeOffset.UtcNow, Cancelled);
        await StartAgainAsync();
        // The restored server began a timeline of its own where the WAL ended.
        var history = Directory.EnumerateFiles(Path.Combine(Data.Path, "pg_wal"), "*.history").Order(StringComparer.Ordinal).Last();
        var left = (await File.ReadAllLinesAsync(history, Cancelled)).Last(line => line.Length > 0);
        return WalSegment.Position(left.Split('\t')[1]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_receiving is not null) await _receiving.Program.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _host.Dispose();
        _folder.Delete(recursive: true);
    }

    private T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    private async Task StartAgainAsync() => _server = await PostgresServer.StartAsync(Get<PostgresPrograms>(), Data, [("max_wal_senders", "10")], _port, cancellationToken: Cancelled);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
