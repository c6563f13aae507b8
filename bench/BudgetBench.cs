using Shabou.BudgetStorm;
using Shabou.Testing;

namespace Shabou.Bench;

/// <summary>Whether the budget holds when everything around it fails: real processes, killed with SIGKILL, one ledger, one simulator.</summary>
internal static class BudgetBench
{
    private const string Key = "a-places-key-that-only-the-bench-uses";
    private const int Storms = 3;

    public static async Task RunAsync()
    {
        await using var servers = new TestServers();
        await servers.InitializeAsync();
        Console.WriteLine();
        Console.WriteLine("budget storm, 4 processes x 250 reservations, 10 % killed before sending (150 calls a day allowed)");
        Console.WriteLine("            seen   committed + assumed spent   released   starts   alerts        contradictions   seconds");
        for (var seed = 1; seed <= Storms; seed++) Print($"storm {seed}", await StormAsync(servers, new(Seed: seed)));
        var stopped = await StormAsync(servers, new(Seed: Storms + 1, KillPercent: 0) { SwitchAfter = 40 });
        Print("switch", stopped);
        Console.WriteLine($"goals: seen <= 150, no contradiction, alerts 100/200/250 once each; grants after the kill switch: {stopped.ReservedAfterSwitch} (goal 0)");
    }

    private static async Task<StormReport> StormAsync(TestServers servers, StormPlan plan)
    {
        await using var process = await ServiceProcess.SimulatorAsync(Key);
        using var simulator = new HttpClient { BaseAddress = new($"http://127.0.0.1:{process.Port}"), DefaultRequestHeaders = { { "X-Goog-Api-Key", Key } } };
        return await new Storm(await servers.CreateDatabaseAsync(), simulator, Key).RunAsync(plan, CancellationToken.None);
    }

    private static void Print(string name, StormReport report)
    {
        var alerts = string.Join('/', report.Alerts.Select(alert => alert.Split('/')[^1]));
        Console.WriteLine(
            $"{name,-10}{report.Seen,6}{report.Committed,12} + {report.AssumedSpent,-13}{report.Released,11}{report.Starts,9}   {alerts,-14}{report.Problems.Count,14}{report.Elapsed.TotalSeconds,10:F1}");
        foreach (var problem in report.Problems) Console.WriteLine($"  {problem}");
    }
}
