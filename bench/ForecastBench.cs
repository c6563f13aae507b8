using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shabou.Bench;

/// <summary>A planner's evening: a file of histories in, forecasts of every part out.</summary>
internal static class ForecastBench
{
    /// <summary>MASE, MAE and pooled RMSE that others measured on carparts, by method: R's forecast 8.20 for SES and Theta, arithmetic for the rest.</summary>
    private static readonly Dictionary<string, string> s_published = new()
    {
        ["zero"] = "0.7464  0.391  1.166", ["naive"] = "1.137   0.647  1.676", ["seasonal-naive"] = "1.127   0.626  1.533", ["moving-average-12"] = "1.055   0.562  1.084",
        ["ses"] = "1.095   0.598  1.138", ["theta"] = "1.159   0.600  1.162", ["croston"] = "1.395   0.706  1.207", ["sba"] = "1.361   0.688  1.194", ["tsb"] = "1.067   0.590  1.084",
    };

    private static async Task PrintAccuracyAsync(HttpClient client)
    {
        var table = await client.GetFromJsonAsync<JsonElement>("/api/v1/accuracy");
        Console.WriteLine("\naccuracy, last 12 periods      MASE    MAE   RMSE   bias  cumWAPE   published on carparts: MASE MAE RMSE");
        foreach (var row in table.GetProperty("rows").EnumerateArray())
        {
            var method = row.GetProperty("method").GetString()!;
            Console.WriteLine($"{method,-27} {Of("mase"),7:F4} {Of("mae"),6:F3} {Of("rmse"),6:F3} {Of("bias"),6:P0} {Of("cumWape"),7:F3}    {s_published.GetValueOrDefault(method, "-")}");
            double? Of(string figure) => row.GetProperty(figure) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
        }
    }

    public static async Task RunAsync(string root, string file)
    {
        if (!File.Exists(file))
        {
            Console.WriteLine($"\nforecast: skipped, there is no {Path.GetFileName(file)} (give one with --file)");
            return;
        }
        var data = RunningSystem.NewDataFolder();
        try
        {
            await using var system = await RunningSystem.StartAsync(root, data, "Release", demoParts: 0);
            var clock = Stopwatch.StartNew();
            using (var content = new ByteArrayContent(await File.ReadAllBytesAsync(file)))
            {
                content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
                if (file.EndsWith(".gz", StringComparison.Ordinal)) content.Headers.ContentEncoding.Add("gzip");
                using var imported = await system.Client.PostAsync("/api/v1/demand", content);
                imported.EnsureSuccessStatusCode();
            }
            var import = clock.Elapsed;
            using var started = await system.Client.PostAsync("/api/v1/training-runs", content: null);
            started.EnsureSuccessStatusCode();
            var job = started.Headers.Location!.ToString();
            JsonElement state;
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(700)); // 100 requests a minute
            do
            {
                await tick.WaitForNextTickAsync();
                state = await system.Client.GetFromJsonAsync<JsonElement>(job);
            }
            while (state.GetProperty("state").GetString() is "available" or "running");
            if (state.GetProperty("state").GetString() != "completed") throw new InvalidOperationException(state.ToString());
            var trained = state.GetProperty("finishedAt").GetDateTimeOffset() - state.GetProperty("createdAt").GetDateTimeOffset();
            Console.WriteLine();
            Console.WriteLine($"forecast ({Path.GetFileName(file)})   seconds   goal");
            Console.WriteLine($"import                         {import.TotalSeconds,7:F2}");
            Console.WriteLine($"train, forecast, store         {trained.TotalSeconds,7:F2}");
            Console.WriteLine($"in all                         {(import + trained).TotalSeconds,7:F2}   <= 10");
            await PrintAccuracyAsync(system.Client);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
