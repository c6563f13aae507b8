namespace Shabou.Forecasting;

/// <summary>The methods of the accuracy table, in its order. The last, the combination, is the one that is published.</summary>
public static class ForecastMethods
{
    public static Combination Published { get; } = new();

    public static IReadOnlyList<IForecastMethod> All { get; } =
    [
        new Zero(), new Naive(), new SeasonalNaive(), new MovingAverage(), new ExponentialSmoothing(), new Theta(),
        new Croston(), Croston.SyntetosBoylan(), new TeunterSyntetosBabai(), Published,
    ];
}
