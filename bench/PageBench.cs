using Microsoft.Extensions.Options;
using Shabou.CatalogApi.Products;
using Shabou.ServiceDefaults.Paging;
using Shabou.Testing;

namespace Shabou.Bench;

/// <summary>Pages of 100 parts with brand and category, against <see cref="Baseline"/>, in turns.</summary>
internal static class PageBench
{
    private const int Turns = 5;
    private const int Connections = 32;
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(string database, string redis)
    {
        await using var baseline = await ServiceProcess.BaselineAsync(database);
        await using var catalog = await ServiceProcess.CatalogAsync(database, redis);
        using var client = catalog.Client;

        // Pages from everywhere, each asked for once in a while: too many to be kept, so that the database answers.
        var starts = Enumerable.Range(0, 300_000).Select(i => CatalogData.PartId((int)(i * 7919L % 990_000))).ToArray();
        var cursors = new Cursors(Options.Create(new CursorOptions { Key = TestTokens.CursorKey }));
        var baselines = starts.Select(id => LoadGenerator.Get($"/products?size=100&after={id}", "")).ToArray();
        var prepared = starts.Select(id => LoadGenerator.Get($"/products?size=100&prepared=true&after={id}", "")).ToArray();
        var cold = starts.Select(id => LoadGenerator.Get($"/api/v1/products?size=100&after={cursors.Write("products?sort=created", new ListPosition(id, null))}", ServiceProcess.Token)).ToArray();
        var hot = LoadGenerator.Get("/api/v1/products?size=100", ServiceProcess.Token);
        using var first = await client.GetAsync("/api/v1/products?size=100");
        var unchanged = LoadGenerator.Get("/api/v1/products?size=100", ServiceProcess.Token, first.Headers.ETag!.Tag);

        var series = new (string Name, LoadGenerator Load, List<LoadGenerator.Result> Results)[]
        {
            ("hand-written baseline", new(baseline.Port, Connections, baselines), []),
            ("the same, prepared", new(baseline.Port, Connections, prepared), []),
            ("catalog, from the database", new(catalog.Port, Connections, cold), []),
            ("catalog, hot", new(catalog.Port, Connections, hot), []),
            ("catalog, hot, 304", new(catalog.Port, Connections, unchanged), []),
        };
        foreach (var (_, load, _) in series) await load.RunAsync(TimeSpan.FromSeconds(6)); // warm
        for (var turn = 0; turn < Turns; turn++)
            foreach (var (_, load, results) in series) results.Add(await load.RunAsync(s_turn));
        var alone = await new LoadGenerator(catalog.Port, 1, cold[^5000..]).RunAsync(s_turn);

        Console.WriteLine("page of 100                    req/s   ratio   p50 ms   p95 ms   p99 ms   failed   goal");
        var reference = Median(series[0].Results, r => r.Rate);
        foreach (var (name, _, results) in series)
        {
            var goal = name switch { "catalog, from the database" => ">= 0.95", "catalog, hot" => ">= 8", _ => "" };
            Console.WriteLine($"{name,-28} {Median(results, r => r.Rate),7:F0} {Median(results, r => r.Rate) / reference,7:F2} {Median(results, r => r.P50),8:F2} {Median(results, r => r.P95),8:F2} {Median(results, r => r.P99),8:F2} {results.Sum(r => r.Failed),8}   {goal}");
        }
        Console.WriteLine($"from the database, alone     {alone.Rate,7:F0}       - {alone.P50,8:F2} {alone.P95,8:F2} {alone.P99,8:F2} {alone.Failed,8}   p95 < 50 ms");
    }

    private static double Median(List<LoadGenerator.Result> results, Func<LoadGenerator.Result, double> figure) => results.Select(figure).Order().ElementAt(results.Count / 2);
}
