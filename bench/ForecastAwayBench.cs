using Npgsql;

namespace Shabou.Bench;

/// <summary>The forecast on the product page while nobody forecasts.</summary>
internal static class ForecastAwayBench
{
    public static async Task RunAsync(string database, string redis)
    {
        var part = CatalogData.PartId(4_711);
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            await using var kept = new NpgsqlCommand("""
                INSERT INTO catalog.forecast_copies (product_id, horizon, body, fetched_at) VALUES (@part, 12, '{"sku":"BENCH","steps":[]}', now()) ON CONFLICT DO NOTHING
                """, connection) { Parameters = { new("part", part) } };
            await kept.ExecuteNonQueryAsync();
        }
        await using var catalog = await ServiceProcess.CatalogAsync(database, redis); // it knows of no forecast service
        var load = new LoadGenerator(catalog.Port, 4, LoadGenerator.Get($"/api/v1/products/{part}/forecast?horizon=12", ServiceProcess.Token));
        await load.RunAsync(TimeSpan.FromSeconds(5)); // the breaker opens
        var result = await load.RunAsync(TimeSpan.FromSeconds(10));
        Console.WriteLine("\nforecast on the product page, forecaster away     req/s   p50 ms   p99 ms   failed   goal");
        Console.WriteLine($"stale copy                                      {result.Rate,7:F0} {result.P50,8:F2} {result.P99,8:F2} {result.Failed,8}   p99 < 50 ms");
    }
}
