using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Shabou.Bench;

/// <summary>Searches as people send them, each another one, one after the other through the service.</summary>
internal static class SearchBench
{
    private const int Searches = 400;

    /// <summary>What people look for, each time something else.</summary>
    public static (string Name, Func<string> Query)[] Kinds(int parts)
    {
        var random = new Random(11);
        return
        [
            ("by OE number", () => $"oem={Uri.EscapeDataString(CatalogData.OeNumber(random.Next(parts), random.Next(3)))}"),
            ("by vehicle", () => $"vehicle={CatalogData.VehicleId(random.Next(CatalogData.Vehicles))}"),
            ("by KType", () => $"vehicle={10_000 + random.Next(CatalogData.Vehicles)}"),
            ("by words", () => $"q={Uri.EscapeDataString(CatalogData.NameFr(random.Next(parts)))}"),
            ("by misspelt words", () => $"q={Uri.EscapeDataString(Misspell(random, CatalogData.NameFr(random.Next(parts))))}"),
            ("by one common word", () => $"q={CatalogData.NameFr(random.Next(parts)).Split(' ')[0]}"),
            ("by misspelt words, facets", () => $"q={Uri.EscapeDataString(Misspell(random, CatalogData.NameFr(random.Next(parts))))}&facets=true"),
            ("by price", () => string.Create(CultureInfo.InvariantCulture, $"minPrice={random.Next(20, 100)}&maxPrice={random.Next(100, 200)}.{random.Next(1000):D3}")),
            ("everything, facets", () => "facets=true&size=20"),
            ("in stock, facets", () => "inStock=true&facets=true"),
        ];
    }

    public static async Task RunAsync(string database, string redis, int parts)
    {
        await using var catalog = await ServiceProcess.CatalogAsync(database, redis);
        using var client = catalog.Client;
        await using var versions = await ConnectionMultiplexer.ConnectAsync(redis);
        Console.WriteLine("\nsearch                         p50 ms   p95 ms   p99 ms   failed   goal");
        foreach (var (name, query) in Kinds(parts))
        {
            for (var i = 0; i < 20; i++) (await client.GetAsync($"/api/v1/products?{query()}")).Dispose(); // warm
            List<double> times = [];
            var failed = 0;
            for (var i = 0; i < Searches; i++)
            {
                var address = $"/api/v1/products?{query()}";
                await versions.GetDatabase().StringSetAsync("shabou:catalog:epoch", Guid.NewGuid().ToString("N")); // nothing that was kept counts
                var sent = Stopwatch.GetTimestamp();
                using var response = await client.GetAsync(address);
                await response.Content.ReadAsByteArrayAsync();
                times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                if (!response.IsSuccessStatusCode) failed++;
            }
            times.Sort();
            Console.WriteLine($"{name,-28} {times[times.Count / 2],8:F1} {times[times.Count * 95 / 100],8:F1} {times[times.Count * 99 / 100],8:F1} {failed,8}   p95 < 50");
        }
    }

    /// <summary>One typing error in each longer word: a letter left out, doubled, or two exchanged.</summary>
    private static string Misspell(Random random, string text) => string.Join(' ', text.Split(' ').Select(word =>
    {
        if (word.Length < 5 || word.Any(char.IsDigit)) return word;
        var at = random.Next(1, word.Length - 2);
        return random.Next(3) switch
        {
            0 => word.Remove(at, 1),
            1 => word.Insert(at, word[at].ToString()),
            _ => word[..at] + word[at + 1] + word[at] + word[(at + 2)..],
        };
    }));
}
