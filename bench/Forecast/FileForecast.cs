using System.Diagnostics;
using System.Globalization;
using Shabou.Forecasting;

namespace Shabou.Bench.Forecast;

/// <summary>Forecasts a file and writes what anyone can score.</summary>
internal static class FileForecast
{
    private static readonly double[] s_levels = [.05, .10, .25, .50, .75, .90, .95, .99];

    /// <summary>Learns from all rows together, then forecasts each; the file's order is kept.</summary>
    /// <param name="file">Of DemandFile's format.</param>
    /// <param name="horizon">Steps, 1 to 1,000.</param>
    /// <param name="target">Where the CSV goes; null: standard output. What is not CSV goes to standard error.</param>
    /// <returns>0; 2 with a sentence on standard error when the file cannot be read or the result not be written.</returns>
    public static int Run(string file, int horizon, string? target)
    {
        if (!File.Exists(file))
        {
            Console.Error.WriteLine($"There is no file {file}.");
            return 2;
        }

        try
        {
            Forecast(DemandFile.Read(file), horizon, target);
            return 0;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message.Contains(Path.GetFileName(file), StringComparison.Ordinal) ? error.Message : $"{Path.GetFileName(file)}: {error.Message}");
            return 2;
        }
    }

    private static void Forecast(List<DemandRow> rows, int horizon, string? target)
    {
        using var writer = target is null ? new StreamWriter(Console.OpenStandardOutput()) : new StreamWriter(target); // fails before the work, not after it
        var clock = Stopwatch.StartNew();
        PartHistory[] parts = [.. rows.Select((row, i) => row.ToPart(row.Values.Length) with { Id = $"{row.Id}\n{i}" })]; // an id may come twice
        var settings = new ForecastSettings { Horizon = horizon };
        var model = ForecastModel.Learn(parts, settings, Environment.ProcessorCount, CancellationToken.None);
        var learned = clock.Elapsed;
        var forecasts = new PartForecast[parts.Length];
        Parallel.For(0, parts.Length, i => forecasts[i] = model.Forecast(parts[i]));
        Console.Error.WriteLine($"{parts.Length} series: learned in {learned.TotalSeconds:F2} s, forecast in {(clock.Elapsed - learned).TotalSeconds:F2} s on {Environment.ProcessorCount} cores");
        foreach (var reason in forecasts.GroupBy(forecast => forecast.Choice.Fallback).Where(group => group.Key is not Fallback.None))
            Console.Error.WriteLine($"{reason.Count()} of them not by the methods of their class: {reason.First().Choice.Reason}");
        Write(writer, rows, forecasts, horizon);
    }

    private static void Write(TextWriter writer, List<DemandRow> rows, PartForecast[] forecasts, int horizon)
    {
        writer.Write("id,h,mean,q05,q10,q25,q50,q75,q90,q95,q99\n");
        var levels = QuantileForecast.Levels.ToArray();
        var columns = s_levels.Select(level => Array.IndexOf(levels, level)).ToArray();
        for (var i = 0; i < rows.Count; i++)
        {
            for (var step = 0; step < horizon; step++)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{rows[i].Id},{step + 1},{forecasts[i].Mean[step]:G10}"));
                foreach (var column in columns) writer.Write(string.Create(CultureInfo.InvariantCulture, $",{forecasts[i].Quantiles[column * horizon + step]:G10}"));
                writer.Write('\n');
            }
        }
    }
}
