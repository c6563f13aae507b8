using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shabou.Bench;

/// <summary>A planner's evening: a file of histories in, forecasts of every part out.</summary>
internal static class ForecastBench
{
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
            await using var system = await RunningSystem.StartAsync(root, data, "Release");
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
            Console.WriteLine($"forecast ({Path.GetFileName(file)}, demo parts beside it)   seconds   goal");
            Console.WriteLine($"import                         {import.TotalSeconds,7:F2}");
            Console.WriteLine($"train, forecast, store         {trained.TotalSeconds,7:F2}");
            Console.WriteLine($"in all                         {(import + trained).TotalSeconds,7:F2}   <= 10");
            Console.WriteLine(state.GetProperty("result"));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
