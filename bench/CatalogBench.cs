using System.Diagnostics;
using Npgsql;
using Shabou.Testing;

namespace Shabou.Bench;

/// <summary>The catalog with a million parts.</summary>
internal static class CatalogBench
{
    private const int Parts = 1_000_000;

    /// <param name="database">A migrated database to use and keep, filled when it is empty; null makes one that goes with the run.</param>
    public static async Task RunAsync(string? database)
    {
        await using var servers = new TestServers();
        await servers.InitializeAsync();
        database ??= await servers.CreateDatabaseAsync();
        await FillAsync(database);
        Console.WriteLine($"\ncatalog ({Parts:N0} parts, {3 * Parts:N0} OE numbers, {5 * Parts:N0} fitments)");
        await PageBench.RunAsync(database, servers.Redis);
        await SearchBench.RunAsync(database, servers.Redis, Parts);
        await PlanBench.RunAsync(database, servers.Redis, Parts);
        await ForecastAwayBench.RunAsync(database, servers.Redis);
        await PriceListBench.RunAsync(database, servers.Redis);
        await BulkBench.RunAsync(database, servers.Redis);
    }

    private static async Task FillAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var empty = new NpgsqlCommand("SELECT NOT EXISTS (SELECT FROM catalog.products)", connection);
        if (await empty.ExecuteScalarAsync() is not true) return;
        var clock = Stopwatch.StartNew();
        await new CatalogData(Parts).WriteAsync(database, CancellationToken.None);
        Console.WriteLine($"\ncatalog: generated in {clock.Elapsed.TotalSeconds:F0} s");
    }
}
