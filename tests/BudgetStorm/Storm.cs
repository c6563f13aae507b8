using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace Shabou.BudgetStorm;

/// <summary>How hard it blows.</summary>
/// <param name="Processes">At once.</param>
/// <param name="Reservations">Of each.</param>
/// <param name="KillPercent">Of 100 granted calls.</param>
/// <param name="Seed">Of the dice.</param>
public sealed record StormPlan(int Processes = 4, int Reservations = 250, int KillPercent = 10, int Seed = 1)
{
    /// <summary>Reservations at once in each process. Default 8.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Millionths of a US dollar. Default 35,000 x 50: so much that 150 calls pass all three thresholds, and none is free.</summary>
    public long MicrosPerCall { get; init; } = 1_750_000;

    /// <summary>After so many calls seen by the simulator the kill switch is thrown; null: never.</summary>
    public int? SwitchAfter { get; init; }
}

/// <summary>Runs real processes against one ledger and one simulator, starting again those that kill themselves, and judges what is left.</summary>
/// <param name="database">Connection string of a migrated database whose ledger is empty.</param>
/// <param name="simulator">Sends the simulator's key.</param>
/// <param name="key">That key.</param>
public sealed class Storm(string database, HttpClient simulator, string key)
{
    internal const string Died = "died";
    private static readonly (string Fault, int Percent)[] Weather = [("error", 12), ("minuteQuota", 8), ("dayQuota", 4), ("timeout", 6)];
    private readonly ConcurrentDictionary<string, int> _outcomes = new();
    private int _starts;

    /// <returns>What is left of it, all processes gone and all reservations settled.</returns>
    public async Task<StormReport> RunAsync(StormPlan plan, CancellationToken cancellationToken)
    {
        foreach (var (answer, percent) in Weather)
            (await simulator.PostAsJsonAsync("/simulator/faults", new { answer, percent }, cancellationToken)).EnsureSuccessStatusCode();
        var clock = Stopwatch.StartNew();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var switching = plan.SwitchAfter is { } calls ? SwitchAsync(calls, over.Token) : Task.CompletedTask;
        await Task.WhenAll(Enumerable.Range(0, plan.Processes).Select(process => PersistAsync(plan, process, cancellationToken)));
        await over.CancelAsync();
        await switching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (switching.IsFaulted) await switching;
        await RunProcessAsync(Plan(plan, 0, []), _ => { }, cancellationToken); // lets what the killed ones left behind lapse
        return await StormReport.ReadAsync(database, simulator, new Dictionary<string, int>(_outcomes), _starts, clock.Elapsed, cancellationToken);
    }

    // A process that was killed is started again for what it had not finished, as an orchestrator would.
    private async Task PersistAsync(StormPlan plan, int process, CancellationToken cancellationToken)
    {
        var left = Enumerable.Range(0, plan.Reservations).ToHashSet();
        for (var start = 0; left.Count > 0; start++)
        {
            if (start > plan.Reservations) throw new InvalidOperationException("A process is started again and again and finishes nothing.");
            Interlocked.Increment(ref _starts);
            await RunProcessAsync(Plan(plan, process, [.. left], start), line =>
            {
                if (line.Split(' ') is not [var number, var what]) return;
                _outcomes.AddOrUpdate(what, 1, (_, count) => count + 1);
                left.Remove(int.Parse(number, CultureInfo.InvariantCulture));
            }, cancellationToken);
        }
    }

    private WorkerPlan Plan(StormPlan plan, int process, IReadOnlyList<int> reservations, int start = 0) => new(
        database, simulator.BaseAddress!.ToString(), key, $"storm{plan.Seed}p{process}", reservations, plan.KillPercent, HashCode(plan.Seed, process, start), plan.Concurrency, plan.MicrosPerCall);

    // Not System.HashCode, which differs from run to run.
    private static int HashCode(int seed, int process, int start) => (((seed * 31) + process) * 1_009) + start;

    private static async Task RunProcessAsync(WorkerPlan plan, Action<string> line, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "BudgetStorm.dll"), plan.ToString()])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory,
        };
        using var process = Process.Start(start)!;
        await using var stop = cancellationToken.Register(() => process.Kill());
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } said) line(said);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        const int sigkill = 128 + 9;
        if (process.ExitCode is not (0 or sigkill)) throw new InvalidOperationException($"A process of the storm ended with {process.ExitCode}: {await errors}");
    }

    private async Task SwitchAsync(int calls, CancellationToken cancellationToken)
    {
        while ((await simulator.GetFromJsonAsync<JsonElement>("/simulator/calls", cancellationToken)).GetProperty("total").GetInt32() < calls) await Task.Delay(10, cancellationToken);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await using var kill = new NpgsqlCommand("UPDATE prospector.budget_switch SET killed = true, reason = 'Storm.', changed_by = 'storm', revision = revision + 1", connection);
        await kill.ExecuteNonQueryAsync(cancellationToken);
    }
}
