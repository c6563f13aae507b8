using System.Diagnostics;
using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>Series a second on one core, by CPU time, after a first run that compiles.</summary>
internal static class SpeedBench
{
    private const int Horizon = 18;

    /// <summary>Measures methods one history at a time, Theta in a batch, and the whole pipeline.</summary>
    /// <param name="file">Monthly series of about 100 points.</param>
    public static void Run(string file)
    {
        if (!File.Exists(file))
        {
            Console.WriteLine($"\nspeed: skipped, there is no {Path.GetFileName(file)}");
            return;
        }

        var rows = DemandFile.Read(file);
        Console.WriteLine($"\nspeed on {rows.Count} monthly series      series/s/core");
        IForecastMethod[] methods = [new ExponentialSmoothing(), new Theta(), new DynamicTheta(), new AutoEts()];
        foreach (var method in methods) Alone(method, rows);
        Batch(rows);
        Pipeline(rows);
        Console.WriteLine("others: R Theta 180, ETS 2.3; StatsForecast ETS 1.8, dynamic Theta 25 (M4 monthly); goal: Theta 100,000, ETS 1,000");
    }

    private static void Alone(IForecastMethod method, List<DemandRow> rows)
    {
        var some = method is AutoEts ? rows.Where((_, i) => i % 10 == 0).ToList() : rows;
        var mean = new double[Horizon];
        foreach (var row in some.Take(20)) method.Forecast(row.Values, row.Season, mean);
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
        theta.ForecastAll(histories, 12, Horizon, means, [], 1, CancellationToken.None);
        Print("theta, in one batch", histories.Length, () => theta.ForecastAll(histories, 12, Horizon, means, [], 1, CancellationToken.None));
    }

    private static void Pipeline(List<DemandRow> rows)
    {
        PartHistory[] parts = [.. rows.Where((_, i) => i % 5 == 0).Select(row => row.ToPart(row.Values.Length))];
        ForecastModel? model = null;
        Print("learn, 6 origins", parts.Length, () => model = ForecastModel.Learn(parts, new() { Horizon = Horizon }, 1, CancellationToken.None));
        Print("forecast one part", parts.Length, () =>
        {
            foreach (var part in parts) model!.Forecast(part);
        });
    }

    private static void Print(string name, int series, Action work)
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var before = process.TotalProcessorTime;
        work();
        process.Refresh();
        Console.WriteLine($"{name,-28}{series / (process.TotalProcessorTime - before).TotalSeconds,16:N0}");
    }
}
