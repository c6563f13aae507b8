using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shabou.Backups.Archive;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Backups.Restoring;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;
using Shabou.Schema;
using Shabou.Testing;

namespace Shabou.Backups.Tests;

/// <summary>One server with the shop's database, its backups, and the program's own parts to make and restore them.</summary>
internal sealed class Shop : IAsyncDisposable
{
    public static readonly (string, string)[] Settings = [("fsync", "off"), ("full_page_writes", "off"), ("max_wal_senders", "10")];
    private readonly PostgresPrograms _programs;
    private readonly IHost _host;
    private PostgresServer? _server;
    private WalReceiving? _receiving;

    public Shop(PostgresPrograms programs, DataFolder data, string backups, (string Key, string? Value)[] settings)
    {
        (_programs, Data) = (programs, data);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Backups:Folder", backups), new("Backups:KeepFree", "0")]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value)));
        Backups = builder.Configuration["Backups:Folder"]!;
        builder.AddBackups();
        _host = builder.Build();
    }

    public DataFolder Data { get; }

    /// <summary>The folder of backups.</summary>
    public string Backups { get; }

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public PostgresLogin Owner => new(_server!.ConnectionString(ShopTemplate.Superuser, "shabou"));

    /// <summary>The role that backups are made as.</summary>
    public PostgresLogin Role => new(_server!.ConnectionString(Roles.Backup, "shabou"));

    public BackupShelf Shelf => BackupShelf.All(Backups).Single();

    public async Task StartAsync() => _server = await PostgresServer.StartAsync(_programs, Data, Settings);

    public async Task StopAsync()
    {
        await _server!.DisposeAsync();
        if (_receiving is not null) await _receiving.Program.Exited;
    }

    /// <summary>A verified backup.</summary>
    public async Task<StoredBackup> BackUpAsync(string kind = MakeBase.Kind)
    {
        var outcome = await Get<RunBackups>().RunAsync(Role, kind, TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, outcome.Sentence);
        return outcome.Backup!;
    }

    public async Task ArchiveAsync(bool anew = false) => _receiving = await Get<WalReceiver>().StartAsync(Role, anew, TestContext.Current.CancellationToken);

    /// <summary>As when the archive's machine goes.</summary>
    public async Task EndArchiveAsync() => await _receiving!.Program.StopAsync();

    /// <summary>Waits until all that is committed is in the archive.</summary>
    public async Task ArchivedAsync()
    {
        await using var connection = await Owner.OpenAsync(TestContext.Current.CancellationToken);
        await using var here = new NpgsqlCommand("SELECT pg_current_wal_flush_lsn()::text", connection);
        var position = (string)(await here.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        await Until.TrueAsync(async () =>
        {
            await using var received = new NpgsqlCommand("SELECT write_lsn >= $1::pg_lsn FROM pg_stat_replication WHERE application_name = 'shabou-pg_receivewal'", connection) { Parameters = { new() { Value = position } } };
            return await received.ExecuteScalarAsync() is true;
        }, 20, () => $"WAL up to {position} in the archive; the receiver says {_receiving?.Program.LastWords}");
    }

    public Task RunAsync(string sql) => RunAsync(Owner.ConnectionString, sql);

    public static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = await new PostgresLogin(connectionString).OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Inserts brands with these names.</summary>
    public Task AddBrandsAsync(params string[] names) => RunAsync(
        string.Join(';', names.Select(name => $"INSERT INTO catalog.brands (id, name, search, slug) VALUES (gen_random_uuid(), '{name}', '{name}', '{name}')")));

    public Task<string> BrandsAsync() => AskAsync("SELECT coalesce(string_agg(name, ' ' ORDER BY name), '') FROM catalog.brands");

    /// <summary>Every row of every table in one checksum.</summary>
    public async Task<string> ChecksumAsync()
    {
        await using var connection = await Owner.OpenAsync(TestContext.Current.CancellationToken);
        var sums = new List<string>();
        foreach (var table in (await RowCounts.ReadAsync(connection, TestContext.Current.CancellationToken)).Keys.Where(name => name != "ops.backups"))
            sums.Add($"{table} {await AskAsync($"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t")}");
        return string.Join('\n', sums);
    }

    public async Task<string> AskAsync(string sql)
    {
        await using var connection = await Owner.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Stops the server, restores onto its folder, and starts it again.</summary>
    public async Task<RestoreResult> RestoreAsync(DateTimeOffset? until = null, bool withoutWal = false)
    {
        var result = await Get<RestoreBase>().IntoPlaceAsync(RestorePlan.Make(Shelf, until, withoutWal).WithWalOf(Data.Path), Data, DateTimeOffset.UtcNow, TestContext.Current.CancellationToken);
        await StartAsync();
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (_receiving is not null) await _receiving.Program.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _host.Dispose();
    }
}
