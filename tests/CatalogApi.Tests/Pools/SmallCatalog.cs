using System.Globalization;
using Npgsql;
using Shabou.Testing;

namespace Shabou.CatalogApi.Tests.Pools;

/// <summary>The catalog as a process of its own with few connections, and a table that a test holds: whoever reads parts waits for as long as it likes.</summary>
internal sealed class SmallCatalog : IAsyncDisposable
{
    private readonly ServiceProcess _process;
    private readonly NpgsqlConnection _holder;
    private readonly string _name;

    private SmallCatalog(ServiceProcess process, NpgsqlConnection holder, string name) => (_process, _holder, _name) = (process, holder, name);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<SmallCatalog> StartAsync(TestServers servers, int pool, params (string Key, string Value)[] settings)
    {
        var database = await servers.CreateDatabaseAsync();
        var name = $"catalog {Guid.NewGuid():N}";
        var small = new NpgsqlConnectionStringBuilder(database) { MaxPoolSize = pool, ApplicationName = name };
        var holder = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false, ApplicationName = "holder" }.ConnectionString);
        await holder.OpenAsync(Cancelled);
        var process = await ServiceProcess.StartAsync("CatalogApi",
            [("ConnectionStrings:shabou", small.ConnectionString), ("ConnectionStrings:redis", servers.Redis), ("Catalog:Cache:Prefix", $"test:{name}"), .. settings], Cancelled);
        return new(process, holder, name);
    }

    public HttpClient Client()
    {
        var client = _process.SignedIn();
        client.Timeout = TimeSpan.FromMinutes(1);
        return client;
    }

    /// <inheritdoc cref="ServiceProcess.Said"/>
    public string Said() => _process.Said();

    /// <summary>No answer of these is remembered: each needs the database.</summary>
    public static Uri Read(int number) => new($"/api/v1/products?size=1&minPrice={(number + 1).ToString(CultureInfo.InvariantCulture)}", UriKind.Relative);

    /// <summary>From now on whoever reads parts waits.</summary>
    public Task HoldAsync() => ExecuteAsync("BEGIN; LOCK TABLE catalog.products IN ACCESS EXCLUSIVE MODE");

    public Task ReleaseAsync() => ExecuteAsync("COMMIT");

    /// <summary>Connections of the service that do something, or are within a transaction.</summary>
    public Task<int> ActiveAsync() => CountAsync("state <> 'idle'");

    /// <summary>All of its connections.</summary>
    public Task<int> OpenAsync() => CountAsync("true");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _holder.DisposeAsync();
    }

    private async Task<int> CountAsync(string condition)
    {
        await ExecuteAsync("SELECT pg_stat_clear_snapshot()"); // within a transaction the server shows what it saw first
        await using var count = new NpgsqlCommand($"SELECT count(*)::int FROM pg_stat_activity WHERE application_name = $1 AND {condition}", _holder) { Parameters = { new() { Value = _name } } };
        return (int)(await count.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _holder);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
