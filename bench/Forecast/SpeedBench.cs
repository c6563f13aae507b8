using System.Diagnostics;
using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>Series a second on one core, by CPU time, after a first run that compiles.</summary>
internal static class SpeedBench
{
    private const int Horizon = 18;

    /// <summary>Measures methods one history at a time, Theta in a batch, and the whole pipeline.</summary>
    /// <param name="root">The project's folder, beside ../shared/data with M3's monthly series of about 100 points.</param>
    public static void Run(string root)
    {
        if (DemandFile.Find(root, "m3_monthly_history.csv.gz") is not { } file) return;
        var rows = DemandFile.Read(file);
        Console.WriteLine($"\nspeed on {rows.Count:N0} monthly series, by CPU time{"",-4}series/s/core{"R",9}{"StatsForecast",15}{"goal",9}");
        IForecastMethod[] methods = [new ExponentialSmoothing(), new Theta(), new DynamicTheta(), new AutoEts(), new AutoArima()];
        foreach (var method in methods) Alone(method, rows);
        Batch(rows);
        Pipeline(rows);
        Console.WriteLine("  nothing is chosen here; others' figures: R on these series, StatsForecast on M4 monthly");
    }

    private static void Alone(IForecastMethod method, List<DemandRow> rows)
    {
        var some = method is AutoArima ? rows.Where((_, i) => i % 5 == 0).ToList() : rows;
        var mean = new double[Horizon];
        Print(method.Name, some.Count, () =>
        {
            foreach (var row in some) method.Forecast(row.Values, row.Season, mean);
        });
    }

    private static void Batch(List<DemandRow> rows)
    {
        var theta = new Theta();
        ReadOnlyMemory<double>[] histories = [.. Enumerable.Repeat(rows, 20).SelectMany(all => all).Select(row => (ReadOnlyMemory<double>)row.Values)];
        var means = new double[histories.Length * Horizon];
        Print("theta, in one batch", histories.Length, () => theta.ForecastAll(histories, 12, Horizon, means, [], 1, CancellationToken.None));
    }

    private static void Pipeline(List<DemandRow> rows)
    {
        PartHistory[] parts = [.. rows.Where((_, i) => i % 5 == 0).Select(row => row.ToPart(row.Values.Length))];
        ForecastModel? model = null;
        Print("learn, 6 origins", parts.Length, () => model = ForecastModel.Learn(parts, new() { Horizon = Horizon }, 1, CancellationToken.None), once: true);
        Print("forecast one part", parts.Length, () =>
        {
            foreach (var part in parts) model!.Forecast(part);
        });
    }

    private static void Print(string name, int series, Action work, bool once = false)
    {
        if (!once) work(); // compiled, and compiled better, before it is timed
        using var process = Process.GetCurrentProcess();
        var (before, runs, seconds) = (process.TotalProcessorTime, 0, 0.0);
        while (seconds < 1)
        {
            work();
            runs++;
            process.Refresh();
            seconds = (process.TotalProcessorTime - before).TotalSeconds;
        }

        Console.WriteLine($"{name,-44}{runs * series / seconds,18:N0}{Others(name)}");
    }

    private static string Others(string name) => name switch
    {
        "theta, in one batch" => $"{"180",9}{"",15}{"100,000",9}",
        "dynamic-theta" => $"{"",9}{"25",15}",
        "ets" => $"{"2.3",9}{"1.8",15}{"1,000",9}",
        _ => "",
    };
}
