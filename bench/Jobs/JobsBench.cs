using System.Globalization;
using Npgsql;
using Shabou.Testing;

namespace Shabou.Bench.Jobs;

/// <summary>No-op jobs through our queue, through others on the same PostgreSQL, and through a bare loop, which is the limit. In turns.</summary>
internal static class JobsBench
{
    /// <summary>The goal is set against this one.</summary>
    private const string Reference = "graphile-worker batched";
    private const string Ours = "Shabou.Jobs, prefetch 500"; // as many as the reference fetches ahead

    private static readonly Entry[] s_entries =
    [
        new("bare loop, claim 1", "bare", "1", Many: false), new("bare loop, claim 20", "bare", "20", Many: true),
        new("the same, one transaction", "bare", "one", Many: false), new("bare loop, claim 500", "bare", "500", Many: true),
        new("graphile-worker", "graphile-worker", "plain", Many: false), new(Reference, "graphile-worker", "batched", Many: true),
        new("pg-boss, fetch 100", "pg-boss", "100", Many: false), new("Shabou.Jobs", "shabou", "0", Many: false), new(Ours, "shabou", "500", Many: true),
    ];

    /// <param name="root">The repository.</param>
    /// <param name="turns">How often each is measured; the median counts. Default 5.</param>
    /// <param name="jobs">Only this many jobs, at concurrency 10; null is the whole table.</param>
    public static async Task RunAsync(string root, int turns, int? jobs)
    {
        await using var servers = new TestServers { IsDurable = true };
        await servers.InitializeAsync();
        var contestants = new Dictionary<string, Contestant>();
        try
        {
            await StartAsync(contestants, "bare", [.. Self("bare")], await servers.CreateEmptyDatabaseAsync());
            foreach (var (name, program) in await NodePeers.InstallAsync(root))
                await StartAsync(contestants, name, program, await servers.CreateEmptyDatabaseAsync());
            await StartAsync(contestants, "shabou", [.. Self("shabou")], await servers.CreateDatabaseAsync());
            Console.WriteLine($"\njobs ({await SettingsAsync(contestants["bare"].Database)})");
            if (jobs is { } some) await MeasureAsync(contestants, turns, some, 10, entry => entry.Many || some < 100_000);
            else
            {
                await MeasureAsync(contestants, turns, 20_000, 10, _ => true);
                await MeasureAsync(contestants, turns, 20_000, 24, _ => true);
                await MeasureAsync(contestants, turns, 200_000, 10, entry => entry.Many);
            }
            await PickupBench.RunAsync(contestants, turns);
        }
        finally
        {
            foreach (var contestant in contestants.Values) await contestant.DisposeAsync();
        }
    }

    /// <summary>The middle one.</summary>
    public static double Median(IEnumerable<double> figures) => figures.Order().ToArray() is { Length: > 0 } sorted ? sorted[sorted.Length / 2] : double.NaN;

    private static string[] Self(string queue) => ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "Bench.dll"), "queue", queue];

    /// <summary>Starts a queue and lets it run once, so that the first measurement finds it compiled.</summary>
    private static async Task StartAsync(Dictionary<string, Contestant> contestants, string name, string[] program, string database)
    {
        var contestant = contestants[name] = Contestant.Start(program, database);
        foreach (var entry in s_entries.Where(entry => entry.Queue == name)) await TurnAsync(contestant, entry.Mode, 2_000, 10);
    }

    private static async Task MeasureAsync(Dictionary<string, Contestant> contestants, int turns, int jobs, int concurrency, Func<Entry, bool> takesPart)
    {
        var entries = s_entries.Where(entry => takesPart(entry) && contestants.ContainsKey(entry.Queue)).ToArray();
        var results = entries.ToDictionary(entry => entry.Name, _ => new List<(double PerSecond, double Processor)>());
        for (var turn = 0; turn < turns; turn++)
            foreach (var entry in entries)
                results[entry.Name].Add(await TurnAsync(contestants[entry.Queue], entry.Mode, jobs, concurrency));

        var reference = results.TryGetValue(Reference, out var batched) ? Median(batched.Select(r => r.PerSecond)) : double.NaN;
        Console.WriteLine();
        Console.WriteLine($"{string.Create(CultureInfo.InvariantCulture, $"{jobs:N0} no-op jobs, {concurrency} at once"),-34} jobs/s   ratio   lowest  highest   CPU us/job   goal");
        foreach (var entry in entries)
        {
            var rates = results[entry.Name].Select(r => r.PerSecond).ToArray();
            var goal = entry.Name == Ours && jobs >= 200_000 ? ">= 1.00, stretch 2.00" : "";
            Console.WriteLine($"{entry.Name,-32} {Median(rates),8:F0} {Median(rates) / reference,7:F2} {rates.Min(),8:F0} {rates.Max(),8:F0} {Median(results[entry.Name].Select(r => r.Processor)),12:F0}   {goal}");
        }
    }

    /// <summary>Jobs a second, and microseconds of processor time for each job in the queue's own process.</summary>
    private static async Task<(double PerSecond, double Processor)> TurnAsync(Contestant contestant, string mode, int jobs, int concurrency)
    {
        await contestant.PrepareAsync();
        await contestant.EnqueueAsync(jobs);
        await SettleAsync(contestant.Database);
        var before = contestant.Processor;
        var seconds = await contestant.RunAsync(jobs, concurrency, mode);
        return (jobs / seconds, (contestant.Processor - before).TotalMicroseconds / jobs);
    }

    /// <summary>The work of enqueueing is over: nothing of it is left to be written or counted while jobs run.</summary>
    public static async Task SettleAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        foreach (var sql in (string[])["VACUUM (ANALYZE)", "CHECKPOINT"])
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<string> SettingsAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT format('PostgreSQL %s, fsync %s, synchronous_commit %s', current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit'))", connection);
        var settings = (string)(await command.ExecuteScalarAsync())!;
        return settings.Contains("fsync on, synchronous_commit on", StringComparison.Ordinal) ? settings : throw new InvalidOperationException($"A queue on {settings} loses jobs; its figures mean nothing.");
    }

    /// <param name="Name">In the table.</param>
    /// <param name="Queue">Which contestant.</param>
    /// <param name="Mode">How it works.</param>
    /// <param name="Many">Takes part with 200,000 jobs too.</param>
    private sealed record Entry(string Name, string Queue, string Mode, bool Many);
}
