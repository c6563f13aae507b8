using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Shabou.Bench.Failover;

/// <summary>kill -9 of the primary while clients write through the gateway; its standby is promoted by <c>./standby</c>. What clients were told is then
/// compared with what is stored.</summary>
internal static class FailoverBench
{
    private const string Password = "bench-postgres-0123456789";
    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_noticed = TimeSpan.FromSeconds(2); // a person would take longer
    private static readonly TimeSpan s_promised = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_slowestRefusal = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string root)
    {
        var data = RunningSystem.NewDataFolder();
        try
        {
            var standby = Path.Combine(data, "standby");
            await using var system = await RunningSystem.StartAsync(root, data, "Release", demoParts: 2_000,
                ("Postgres__Standby", "true"), ("Standby__Folder", standby), ("Parameters__postgres_password", Password), ("RateLimits__Policies__default__Requests", "100000"));
            var load = await FailoverLoad.PrepareAsync(system.Client);
            var sending = load.RunAsync(s_window);
            await Task.Delay(s_before);

            Kill(Folder(data, except: standby));
            var killed = Stopwatch.GetTimestamp();
            await Task.Delay(s_noticed);
            var began = Stopwatch.GetTimestamp();
            var promotion = await PromoteAsync(root, standby);
            var promoted = Stopwatch.GetElapsedTime(began);
            await sending;
            await using var database = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={PortOf(standby)};Username=postgres;Password={Password};Database=shabou");
            var verdict = await FailoverVerdict.ReadAsync(database, load);
            return Print(load, verdict, promotion, promoted, killed, began);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static int Print(FailoverLoad load, FailoverVerdict verdict, string promotion, TimeSpan promoted, long killed, long began)
    {
        var writes = load.Answers.Where(a => a.IsWrite && a.Status is 201 or 202).ToList();
        var last = writes.Where(a => a.At < killed).Max(a => a.At);
        var back = writes.Where(a => a.At > began).Select(a => (long?)a.At).Min();
        var refused = load.Answers.Where(a => a.Status is not (200 or 201 or 202)).ToList();
        var toReturn = back is { } first ? Stopwatch.GetElapsedTime(began, first) : TimeSpan.MaxValue;
        var slowest = refused.Select(a => a.Took).DefaultIfEmpty().Max();
        var times = load.Answers.Where(a => a.Status is 200 or 201 or 202).Select(a => a.Took.TotalMilliseconds).Order().ToList();

        Console.WriteLine(promotion);
        Console.WriteLine();
        Console.WriteLine($"failover, {load.Answers.Count / s_window.TotalMinutes:N0} requests and {load.Answers.Count(a => a.IsOrder) / s_window.TotalSeconds * 60:N0} orders of jobs a minute, {s_window.TotalSeconds:0} s    figure   goal");
        Line("answered 2xx", $"{times.Count:N0} of {load.Answers.Count:N0}", "");
        Line("  p50, p95 of those", $"{At(.5):0}, {At(.95):0} ms", "");
        Line("refused with 503", $"{refused.Count(a => a.Status == 503):N0}", "");
        Line("refused otherwise, or not answered", $"{refused.Count(a => a.Status != 503):N0}", "0");
        Line("the slowest refusal", $"{slowest.TotalSeconds:0.0} s", "<= 5 s");
        Line("the promotion itself", $"{promoted.TotalSeconds:0.0} s", "");
        Line("writes back after the promotion began", toReturn == TimeSpan.MaxValue ? "never" : $"{toReturn.TotalSeconds:0.0} s", "<= 15 s");
        Line("longest time without an accepted write", back is { } b ? $"{Stopwatch.GetElapsedTime(last, b).TotalSeconds:0.0} s" : "-", "");
        Line("acknowledged brands", $"{verdict.Brands:N0}", "");
        Line("  not stored", $"{verdict.LostBrands:N0}", "0");
        Line("accepted price lists, each a job", $"{verdict.Orders:N0}", "");
        Line("  not stored", $"{verdict.LostOrders:N0}", "0");
        Line("  not done once and for all", $"{verdict.NotDone:N0}", "0");
        foreach (var sort in refused.CountBy(a => (a.Status, a.Problem)).OrderByDescending(s => s.Value)) Console.WriteLine($"    {sort.Value,5} x {sort.Key.Status} {sort.Key.Problem}");
        return verdict.IsClean && toReturn <= s_promised && slowest <= s_slowestRefusal && refused.All(a => a.Status == 503) ? 0 : 1;

        static void Line(string what, string figure, string goal) => Console.WriteLine($"{what,-58} {figure,18}   {goal}");
        double At(double share) => times[(int)(share * (times.Count - 1))];
    }

    /// <summary>By the script that an operator has.</summary>
    private static async Task<string> PromoteAsync(string root, string standby)
    {
        var start = new ProcessStartInfo(Path.Combine(root, "standby"), ["promote", "--yes", "--folder", standby]) { WorkingDirectory = root, RedirectStandardOutput = true };
        using var promote = Process.Start(start)!;
        var said = await promote.StandardOutput.ReadToEndAsync();
        await promote.WaitForExitAsync();
        return promote.ExitCode == 0 ? said.Trim() : throw new InvalidOperationException($"./standby promote ended with {promote.ExitCode}: {said}");
    }

    private static string Folder(string data, string except) =>
        Directory.EnumerateFiles(data, "postmaster.pid", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Select(file => Path.GetDirectoryName(file)!).Single(folder => !folder.StartsWith(except, StringComparison.Ordinal));

    private static string PortOf(string standby) => File.ReadAllLines(Path.Combine(standby, "data", "postmaster.pid"))[3];

    /// <summary>The server and all its processes.</summary>
    private static void Kill(string folder)
    {
        var server = int.Parse(File.ReadLines(Path.Combine(folder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        foreach (var process in File.ReadAllText($"/proc/{server}/task/{server}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)).Prepend(server).ToList())
        {
            try
            {
                using var victim = Process.GetProcessById(process);
                victim.Kill();
            }
            catch (ArgumentException)
            {
                // it went with the server
            }
        }
    }
}
