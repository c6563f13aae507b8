using Shabou.ForecastService.Forecasts;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Training;

/// <summary>Scores simple methods and the published forecast on the last <see cref="Backtest.Window"/> periods of the histories, which none of
/// them saw: a model of its own is learned from what came before. Comparable with tables of the literature.</summary>
internal static class HeldBack
{
    /// <summary>The line of the forecast that is published; the other lines have their methods' names.</summary>
    public const string Published = "published";

    /// <summary>What is known of one part that could be tested.</summary>
    /// <param name="Errors">Per method of <see cref="ForecastMethods.All"/>, then of the published forecast.</param>
    /// <param name="Inside80">Of the published forecast: demands within the interval; <paramref name="Inside95"/> the same.</param>
    private sealed record Tested(char Frequency, DemandClass Class, SeriesErrors[] Errors, int Inside80, int Inside95);

    /// <summary>The table of each frequency, and of each class in it.</summary>
    public static IReadOnlyList<ScoredMethod> Score(IReadOnlyList<PartSeries> parts, ForecastSettings settings, CancellationToken cancellationToken)
    {
        var longEnough = parts.Where(CanBeTested).ToList();
        if (longEnough.Count == 0) return [];
        var before = longEnough.ConvertAll(part => part with { History = part.History with { Demand = part.History.Demand[..^Backtest.Window] } });
        var trained = TrainedParts.Train(before, settings with { Horizon = Backtest.Window }, scored: false, cancellationToken);
        var tested = new Tested[longEnough.Count];
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, tested.Length, options, i => tested[i] = Test(longEnough[i], before[i], trained.Forecasts[i]));
        return [.. Tables(tested, part => part.Frequency, _ => null), .. Tables(tested, part => (part.Frequency, part.Class), part => part.Class)];
    }

    private static bool CanBeTested(PartSeries part)
    {
        var demand = part.History.Demand;
        return !part.History.Discontinued && demand.Length > Backtest.Window && demand.AsSpan(..^Backtest.Window).ContainsAnyExcept(double.NaN) && demand.AsSpan(^Backtest.Window..).ContainsAnyExcept(double.NaN);
    }

    private static Tested Test(PartSeries part, PartSeries before, PartForecast forecast)
    {
        var actual = part.History.Demand.AsSpan(^Backtest.Window..);
        var simple = Backtest.Run(part.History.Demand, part.History.Season)!; // not null: it can be tested
        var published = SeriesErrors.Of(before.History.Demand, part.History.Season, actual, forecast.Mean, forecast.Quantiles);
        return new(part.Frequency, DemandProfile.Of(before.History.Demand).Class, [.. simple, published], Inside(actual, forecast, .1, .9), Inside(actual, forecast, .025, .975));
    }

    private static int Inside(ReadOnlySpan<double> actual, PartForecast forecast, double low, double high)
    {
        var (bottom, top) = (QuantileForecast.Levels.IndexOf(low), QuantileForecast.Levels.IndexOf(high));
        var inside = 0;
        for (var step = 0; step < actual.Length; step++) // a missing demand is inside nothing
            if (actual[step] >= forecast.Quantiles[bottom * actual.Length + step] && actual[step] <= forecast.Quantiles[top * actual.Length + step]) inside++;
        return inside;
    }

    private static IEnumerable<ScoredMethod> Tables<TKey>(IEnumerable<Tested> tested, Func<Tested, TKey> key, Func<Tested, DemandClass?> classOf) =>
        from part in tested
        group part by key(part) into table
        orderby table.Key
        let series = table.ToList()
        let steps = (double)series.Sum(part => part.Errors[0].Steps)
        from method in ForecastMethods.All.Select(method => method.Name).Append(Published).Index()
        let isPublished = method.Item == Published
        select new ScoredMethod(series[0].Frequency, classOf(series[0]), 1, Backtest.Window, IsRolling: false, method.Index,
            MethodAccuracy.Of(method.Item, series.Select(part => part.Errors[method.Index])),
            isPublished ? series.Sum(part => part.Inside80) / steps : double.NaN, isPublished ? series.Sum(part => part.Inside95) / steps : double.NaN);
}
