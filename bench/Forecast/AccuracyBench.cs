using System.Diagnostics;
using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>The forecaster on public data, beside what others got on the same: no server, no database.</summary>
/// <remarks>Nothing is chosen here. Weights, intervals and the pooled model are learned from the training part of each file by rolling origins; the rules by
/// which they are learned were chosen on earlier parts of those training parts, as the code says where they stand.</remarks>
internal static class AccuracyBench
{
    /// <summary>Runs every file that is there.</summary>
    /// <param name="folder">Where the demand files are.</param>
    public static void Run(string folder)
    {
        foreach (var set in BenchmarkSet.All)
        {
            var file = Path.Combine(folder, set.File);
            if (File.Exists(file)) Print(set, DemandFile.Read(file));
            else Console.WriteLine($"\n{set.Title}: skipped, there is no {set.File}");
        }

        Console.WriteLine("""

            Weights, intervals and the pooled model: rolling origins inside the training part, at every run. Candidates and the ridge: forecasts of the
            last periods of the training parts (M3: one, one and a half and two horizons before their end; carparts: month 27 of 39).
            """);
    }

    private static void Print(BenchmarkSet set, List<DemandRow> rows)
    {
        var horizon = set.Horizon;
        var series = rows
            .Select(row => (Row: row, End: set.TrainingOf(row)))
            .Where(s => s.End >= 8 && s.Row.Values.Length >= s.End + horizon)
            .Select(s => (Part: s.Row.ToPart(s.End), Actual: s.Row.Values[s.End..(s.End + horizon)])).ToArray();
        PartHistory[] parts = [.. series.Select(s => s.Part)];
        var clock = Stopwatch.StartNew();
        var model = ForecastModel.Learn(parts, new() { Horizon = horizon }, Environment.ProcessorCount, CancellationToken.None);
        var learned = clock.Elapsed;
        var forecasts = new PartForecast[parts.Length];
        Parallel.For(0, parts.Length, i => forecasts[i] = model.Forecast(parts[i]));
        var took = clock.Elapsed;

        Console.WriteLine($"\n{set.Title}, {parts.Length} series, horizon {horizon}: learn {learned.TotalSeconds:F2} s, forecast {(took - learned).TotalSeconds:F2} s on {Environment.ProcessorCount} cores");
        Console.WriteLine($"{"method",-22}{"sMAPE",8}{"MASE",9}{"MAE",10}{"RMSE",10}{"bias",8}{"cumWAPE",9}{"cover95",9}{"MSIS",8}{"pin.95",9}{"pin.99",9}");
        foreach (var method in ForecastMethods.All.Where(method => method is not Combination))
            Row(method.Name, Score.Of([.. series.Select(s => (s.Part.Season, s.Part.Demand, s.Actual, Point(method, s.Part, horizon), (double[]?)null))]), intervals: false);
        Row("ours, mean", Score.Of([.. series.Select((s, i) => (s.Part.Season, s.Part.Demand, s.Actual, forecasts[i].Mean, (double[]?)forecasts[i].Quantiles))]), intervals: true);
        var median = QuantileForecast.Levels.IndexOf(.5);
        Row("ours, median", Score.Of([.. series.Select((s, i) => (s.Part.Season, s.Part.Demand, s.Actual, forecasts[i].Quantiles[(median * horizon)..((median + 1) * horizon)], (double[]?)null))]), intervals: false);
        foreach (var peer in set.Peers) Console.WriteLine($"  {peer}");
        foreach (var row in model.Backtest.Where(row => row.Published && row.Class is null))
            Console.WriteLine($"  inside the history, steps {row.FirstStep}-{row.LastStep}: MASE {row.Accuracy.Mase:F3}, 80 % cover {row.Coverage80:F3}, 95 % cover {row.Coverage95:F3}");
    }

    private static double[] Point(IForecastMethod method, PartHistory part, int horizon)
    {
        var mean = new double[horizon];
        method.Forecast(part.Demand, part.Season, mean);
        return mean;
    }

    private static void Row(string name, Score score, bool intervals) => Console.WriteLine(
        $"{name,-22}{score.Smape,8:F3}{score.Mase,9:F4}{score.Mae,10:F3}{score.Rmse,10:F3}{score.Bias,8:P0}{score.CumulativeWape,9:F4}"
        + (intervals ? $"{score.Coverage95,9:F3}{score.Msis,8:F2}{score.Pinball[8],9:F4}{score.Pinball[10],9:F4}" : ""));
}
