namespace Shabou.Bench.Jobs;

/// <summary>How soon a single job starts when the queue is idle: 20 a second, from just before it is sent to the start of its handler. Another
/// process sends it.</summary>
internal static class PickupBench
{
    private const int PerSecond = 20;
    private const int Jobs = 200;
    private const int Warming = 5 * PerSecond;

    private static readonly (string Name, string Queue, string Mode)[] s_entries =
        [("bare LISTEN", "bare", "listen"), ("graphile-worker", "graphile-worker", "plain"), ("pg-boss, notified", "pg-boss", ""), ("Shabou.Jobs", "shabou", "0")];

    /// <param name="workers">Each takes jobs; a second process of its kind sends them.</param>
    /// <param name="turns">How often each is measured; the median counts.</param>
    public static async Task RunAsync(IReadOnlyDictionary<string, Contestant> workers, int turns)
    {
        var entries = s_entries.Where(entry => workers.ContainsKey(entry.Queue)).ToArray();
        var results = entries.ToDictionary(entry => entry.Name, _ => new List<double[]>());
        for (var turn = 0; turn < turns; turn++)
            foreach (var (name, queue, mode) in entries)
                results[name].Add(await TurnAsync(workers[queue], mode, turn));

        Console.WriteLine();
        Console.WriteLine($"pickup of single jobs, {PerSecond}/s         p50 ms   p99 ms   max ms   goal");
        foreach (var (name, _, _) in entries)
        {
            var goal = name == "Shabou.Jobs" ? "p50 <= 3, stretch 1.5" : "";
            Console.WriteLine($"{name,-32} {Middle(.5),8:F2} {Middle(.99),8:F2} {results[name].Max(pickups => pickups[^1]),8:F1}   {goal}");

            double Middle(double part) => JobsBench.Median(results[name].Select(pickups => pickups[(int)(pickups.Length * part)]));
        }
    }

    private static async Task<double[]> TurnAsync(Contestant worker, string mode, int turn)
    {
        await worker.PrepareAsync();
        await JobsBench.SettleAsync(worker.Database);
        await using var sender = worker.Again();
        await worker.ListenAsync(10, mode);
#pragma warning disable CA5394 // the same gaps in every run
        var random = new Random(turn);
        // Not on the beat of anybody's polling.
        var gaps = Enumerable.Range(0, Jobs + Warming).Select(_ => 1000.0 / PerSecond * (0.5 + random.NextDouble())).ToArray();
#pragma warning restore CA5394
        await sender.FeedAsync(gaps);
        var pickups = await worker.PickupsAsync(gaps.Length);
        return pickups.Count == gaps.Length ? [.. pickups.Skip(Warming).Order()] : throw new InvalidOperationException($"{pickups.Count} of {gaps.Length} jobs were picked up."); // both processes are warm by then
    }
}
