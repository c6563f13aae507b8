using Shabou.ForecastService.Demand;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Training;

/// <summary>What training found out about one series.</summary>
/// <param name="Errors">Per method of <see cref="ForecastMethods.All"/>; null when it is too short to be tested.</param>
internal sealed record TrainedSeries(TrainingSeries Series, DemandClass Class, double[] Mean, double[] Quantiles, SeriesErrors[]? Errors)
{
    /// <summary>Trains all series on all cores. Each result depends on its series alone and goes to its own place, so neither the number
    /// of cores nor their timing changes anything.</summary>
    public static TrainedSeries[] Train(IReadOnlyList<TrainingSeries> all, int horizon, CancellationToken cancellationToken)
    {
        var trained = new TrainedSeries[all.Count];
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, all.Count, options, i => trained[i] = Train(all[i], horizon));
        return trained;
    }

    private static TrainedSeries Train(TrainingSeries series, int horizon)
    {
        var season = Periods.Season(series.Frequency);
        var mean = new double[horizon];
        var quantiles = new double[horizon * QuantileForecast.Levels.Length];
        var spread = DemandSpread.Of(series.Values);
        ForecastMethods.Published.Forecast(series.Values, season, mean);
        QuantileForecast.Write(spread, mean, quantiles);
        return new TrainedSeries(series, spread.Class, mean, quantiles, Backtest.Run(series.Values, season));
    }

    /// <summary>The accuracy table of each frequency.</summary>
    public static IEnumerable<(char Frequency, int Position, MethodAccuracy Row)> Score(IEnumerable<TrainedSeries> trained) =>
        from series in trained
        where series.Errors is not null
        group series.Errors by series.Series.Frequency into frequency
        orderby frequency.Key
        from method in ForecastMethods.All.Index()
        select (frequency.Key, method.Index, MethodAccuracy.Of(method.Item.Name, frequency.Select(errors => errors![method.Index])));
}
