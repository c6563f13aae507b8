using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Shabou.Bench;

/// <summary>A purchasing clerk's day: price lists of 100,000 rows through the service, in a process of its own, on any catalog.</summary>
internal static class PriceListBench
{
    private const int Rows = 100_000;
    private const int Runs = 3;
    private const string Supplier = "bench-price-lists";

    /// <param name="database">A migrated database with at least a few parts; the lists stay in it, the last one rolled back.</param>
    /// <param name="redis">Connection string.</param>
    public static async Task RunAsync(string database, string redis)
    {
        var skus = await PrepareAsync(database);
        await using var service = await ServiceProcess.CatalogAsync(database, redis);
        using var client = service.Client;
        await RollBackAsync(client, await LoadAsync(client, Csv(skus.Take(100), 0))); // first use of everything

        var (seconds, rollbacks) = (new List<double>(), new List<double>());
        await using var memory = new Memory(service);
        Guid last = default;
        for (var run = 1; run <= Runs; run++)
        {
            var csv = Csv(skus, run);
            var clock = Stopwatch.StartNew();
            last = await LoadAsync(client, csv);
            await ExpectAsync(client, skus[^1], Price(skus.Count - 1, run));
            seconds.Add(clock.Elapsed.TotalSeconds);
        }
        var back = Stopwatch.StartNew();
        await RollBackAsync(client, last);
        rollbacks.Add(back.Elapsed.TotalSeconds);
        await ExpectAsync(client, skus[^1], Price(skus.Count - 1, Runs - 1));
        seconds.Sort();
        Console.WriteLine();
        Console.WriteLine($"price list, {skus.Count,7:N0} rows                 figure   goal");
        Console.WriteLine($"upload to visible, median of {Runs}     {seconds[Runs / 2],7:F1} s   <= 15 s");
        Console.WriteLine($"growth of the service's memory     {memory.GrowthMegabytes,6:F0} MB   < 100 MB");
        Console.WriteLine($"rollback                          {rollbacks[0],7:F2} s   <= 1 s");
    }

    /// <summary>A supplier, and parts from all over the catalog in the order of their numbers.</summary>
    private static async Task<List<string>> PrepareAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using (var supplier = new NpgsqlCommand("INSERT INTO catalog.suppliers (id, slug, name) VALUES (gen_random_uuid(), @slug, @slug) ON CONFLICT (slug) DO NOTHING", connection) { Parameters = { new("slug", Supplier) } })
            await supplier.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand("""
            SELECT sku FROM (SELECT sku, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS parts FROM catalog.products WHERE deleted_at IS NULL) p
            WHERE n % greatest(parts / @rows, 1) = 0 ORDER BY sku LIMIT @rows
            """, connection) { Parameters = { new("rows", Rows) }, CommandTimeout = 300 };
        await using var rows = await command.ExecuteReaderAsync();
        var skus = new List<string>();
        while (await rows.ReadAsync()) skus.Add(rows.GetString(0));
        return skus;
    }

    private static byte[] Csv(IEnumerable<string> skus, int run) =>
        Encoding.UTF8.GetBytes("sku,price\n" + string.Concat(skus.Select((sku, i) => string.Create(CultureInfo.InvariantCulture, $"{sku},{Price(i, run)}\n"))));

    private static decimal Price(int i, int run) => (i * 7919L + run * 104_729L) % 500_000 / 1000m + 1;

    private static async Task<Guid> LoadAsync(HttpClient client, byte[] csv)
    {
        using var content = new ByteArrayContent(csv) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using var response = await client.PostAsync($"/api/v1/price-lists?supplier={Supplier}", content);
        response.EnsureSuccessStatusCode();
        var list = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await tick.WaitForNextTickAsync())
        {
            var job = await client.GetFromJsonAsync<JsonElement>(response.Headers.Location);
            if (job.GetProperty("state").GetString() is "available" or "running") continue;
            if (job.GetProperty("state").GetString() != "completed" || job.GetProperty("result").GetProperty("state").GetString() != "applied") throw new InvalidOperationException(job.ToString());
            break;
        }
        return list;
    }

    private static async Task RollBackAsync(HttpClient client, Guid list)
    {
        using var response = await client.PostAsync($"/api/v1/price-lists/{list}/rollback", content: null);
        response.EnsureSuccessStatusCode();
    }

    private static async Task ExpectAsync(HttpClient client, string sku, decimal price)
    {
        var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/products?q={Uri.EscapeDataString(sku)}");
        var seen = page.GetProperty("items").EnumerateArray().Single(p => p.GetProperty("sku").GetString() == sku).GetProperty("priceExclTax").GetDecimal();
        if (seen != price) throw new InvalidOperationException($"{sku} costs {seen}, not {price}.");
    }

    /// <summary>Watches how far a process' memory rises above where it was.</summary>
    private sealed class Memory : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _watching;
        private readonly long _start;
        private long _most;

        public Memory(ServiceProcess process)
        {
            _start = _most = process.Memory;
            _watching = WatchAsync(process);
        }

        public double GrowthMegabytes => (_most - _start) / 1e6;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task WatchAsync(ServiceProcess process)
        {
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (await tick.WaitForNextTickAsync(_stop.Token))
                _most = Math.Max(_most, process.Memory);
        }
    }
}
