using System.Diagnostics;
using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>The forecaster on public data, beside what others got on the same: no server, no database.</summary>
/// <remarks>Nothing is chosen here: every table says how its settings were chosen before.</remarks>
internal static class AccuracyBench
{
    private const int NameWidth = 27;

    /// <summary>Runs every file that is there.</summary>
    /// <param name="root">The project's folder, beside ../shared/data.</param>
    /// <param name="only">Words of a title to print that table alone; null for all.</param>
    public static void Run(string root, string? only = null)
    {
        Console.WriteLine("\naccuracy: each line is ours; + is what others measured for the same method (R: forecast 8.20); CPU is of one thread and of the fit alone");
        foreach (var set in BenchmarkSet.All)
            if ((only is null || set.Title.StartsWith(only, StringComparison.OrdinalIgnoreCase)) && DemandFile.Find(root, set.File) is { } path)
                Print(set, DemandFile.Read(path));
    }

    private static void Print(BenchmarkSet set, List<DemandRow> rows)
    {
        var tests = rows
            .Select(row => (Row: row, End: set.TrainingOf(row)))
            .Where(t => t.End >= 8 && t.Row.Values.Length >= t.End + set.Horizon)
            .Select(t => new BenchmarkTest(t.Row.ToPart(t.End), t.Row.Values[t.End..(t.End + set.Horizon)])).ToArray();
        var left = rows.Count == tests.Length ? "" : $"; {rows.Count - tests.Length} with fewer than 8 periods left to learn from are left out";
        Console.WriteLine($"\n{set.Title}: {tests.Length:N0} series{left}\n  {set.Chosen}");
        Console.WriteLine($"{"",-NameWidth}{string.Concat(set.Columns.Select(column => $"{column,11}"))}");
        foreach (var line in set.Lines)
        {
            if (line.Method is { } method) Ours(set, line.Name, tests, () => t => Point(method, t, set.Horizon));
            if (line.Pooled is { } learn) Ours(set, line.Name, tests, () => Together(learn, tests, set.Horizon));
            Given(line.Method is null && line.Pooled is null ? line.Name : "  +", line.Peer);
        }

        Published(set, tests);
        if (set.Lines.Any(line => line.Peer.EndsWith('*'))) Console.WriteLine("  * discount picked on the test months: an indication, not a result");
    }

    private static void Published(BenchmarkSet set, BenchmarkTest[] tests)
    {
        PartHistory[] parts = [.. tests.Select(t => t.Part)];
        var (clock, before) = (Stopwatch.StartNew(), ProcessorTime());
        var model = ForecastModel.Learn(parts, new() { Horizon = set.Horizon }, Environment.ProcessorCount, CancellationToken.None);
        var learned = clock.Elapsed;
        var forecasts = new PartForecast[parts.Length];
        Parallel.For(0, parts.Length, i => forecasts[i] = model.Forecast(parts[i]));
        var (took, cpu) = (clock.Elapsed, 1000 * (ProcessorTime() - before).TotalSeconds / parts.Length);

        var median = QuantileForecast.Levels.IndexOf(.5) * set.Horizon;
        Figures(set, "ours, mean", Score.Of([.. tests.Select((t, i) => (t, forecasts[i].Mean, (double[]?)forecasts[i].Quantiles))]), cpu);
        Given("  goal", set.GoalMean);
        Figures(set, "ours, median", Score.Of([.. tests.Select((t, i) => (t, forecasts[i].Quantiles[median..(median + set.Horizon)], (double[]?)null))]), null);
        Given("  goal", set.GoalMedian);
        Console.WriteLine($"  ours: candidates on 6 origins, weights and intervals {learned.TotalSeconds:F2} s, forecasts with quantiles and reorder demand {(took - learned).TotalSeconds:F2} s, {Environment.ProcessorCount} cores");
        foreach (var row in model.Backtest.Where(row => row.Published && row.Class is null && row.LastStep - row.FirstStep + 1 < set.Horizon))
            Console.WriteLine($"  inside the history, steps {row.FirstStep,2}-{row.LastStep,2}: MASE {row.Accuracy.Mase:F3}, 80 % intervals cover {row.Coverage80:F3}, 95 % {row.Coverage95:F3}");
    }

    private static void Ours(BenchmarkSet set, string name, BenchmarkTest[] tests, Func<Func<BenchmarkTest, (double[] Mean, double[]? Quantiles)>> learn)
    {
        var warm = learn();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < tests.Length && clock.ElapsedMilliseconds < 500; i++) warm(tests[i]); // compiled before it is timed
        var before = ProcessorTime();
        var forecast = learn();
        var made = Array.ConvertAll(tests, test => forecast(test));
        var cpu = 1000 * (ProcessorTime() - before).TotalSeconds / tests.Length;
        Figures(set, name, Score.Of([.. tests.Select((t, i) => (t, made[i].Mean, made[i].Quantiles))]), cpu);
    }

    private static Func<BenchmarkTest, (double[] Mean, double[]? Quantiles)> Together(
        Func<PartHistory[], Func<PartHistory, int, PooledForecast>> learn, BenchmarkTest[] tests, int horizon)
    {
        var model = learn([.. tests.Select(test => test.Part)]);
        return test => (model(test.Part, horizon).Mean, null);
    }

    // A method that knows its errors gets the normal interval that R gives it; only the ends of 95 % are used.
    private static (double[] Mean, double[]? Quantiles) Point(IForecastMethod method, BenchmarkTest test, int horizon)
    {
        var (mean, deviation) = (new double[horizon], new double[horizon]);
        if (method is AutoArima arima) arima.Forecast(test.Part.Demand, test.Part.Season, mean, deviation);
        else if (method is IBatchMethod batch) batch.Forecast(test.Part.Demand, test.Part.Season, mean, deviation);
        else if (method is AutoEts)
        {
            AutoEts.Select(test.Part.Demand, test.Part.Season).Best.Forecast(mean, deviation);
            for (var step = 0; step < horizon; step++) deviation[step] = Math.Sqrt(deviation[step]);
        }
        else
        {
            method.Forecast(test.Part.Demand, test.Part.Season, mean);
            return (mean, null);
        }

        var quantiles = new double[horizon * QuantileForecast.Levels.Length];
        for (var level = 0; level < QuantileForecast.Levels.Length; level++)
            for (var step = 0; step < horizon; step++)
                quantiles[level * horizon + step] = mean[step] + NormalDistribution.Quantile(QuantileForecast.Levels[level]) * deviation[step];
        return (mean, quantiles);
    }

    private static void Figures(BenchmarkSet set, string name, Score score, double? cpu) =>
        Console.WriteLine($"{name,-NameWidth}{string.Concat(set.Columns.Select(column => $"{score.Figure(column, cpu),11}"))}");

    private static void Given(string name, string figures)
    {
        if (figures.Length > 0) Console.WriteLine($"{name,-NameWidth}{string.Concat(figures.Split(' ').Select(figure => figure == "*" ? " *" : $"{figure,11}"))}");
    }

    private static TimeSpan ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
