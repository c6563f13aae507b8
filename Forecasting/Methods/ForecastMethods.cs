namespace Shabou.Forecasting;

/// <summary>The simple methods of the accuracy table, in its order: what the published forecast (<see cref="ForecastModel"/>) is compared with.</summary>
public static class ForecastMethods
{
    public static IReadOnlyList<IForecastMethod> All { get; } =
    [
        new Zero(), new Naive(), new SeasonalNaive(), new MovingAverage(), new ExponentialSmoothing(), new Theta(),
        new Croston(), Croston.SyntetosBoylan(), new TeunterSyntetosBabai(), new Combination(),
    ];
}
