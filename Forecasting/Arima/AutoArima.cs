namespace Shabou.Forecasting;

/// <summary>Automatic seasonal ARIMA: d by KPSS tests, D by the strength of the season, the rest by a stepwise search for the least AICc.</summary>
/// <remarks>
/// Hyndman &amp; Khandakar 2008, with the rules of R's forecast::auto.arima 8.20: p and q to 5, P and Q to 2, d to 2, D to 1, a mean or
/// drift up to one difference, at most 94 models, no roots within 1 % of the unit circle. Every model is estimated by exact
/// likelihood; series of more than 150 periods, or with a season above 12, are searched by the conditional sum of squares and
/// only the chosen order is estimated exactly, as there.
/// Bounds of our own: only the last 3,000 periods are read; P and Q end at 1 for seasons above 24; seasons above 60 count as none.
/// Gaps are interpolated to choose the order; coefficients and forecasts come from a Kalman filter that knows they are gaps.
/// A constant series goes on; where no model can be estimated it is the mean, or the last value or season where differences are needed.
/// </remarks>
public sealed class AutoArima : IForecastMethod
{
    /// <summary>Periods read at most, counted from the end.</summary>
    public const int LongestHistory = 3_000;

    private const int LongestSeason = 60, FullSeason = 24, ExactPeriods = 150, ExactSeason = 12;

    public string Name => "arima";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        Span<double> variance = mean.Length <= 512 ? stackalloc double[mean.Length] : new double[mean.Length];
        Fit(history, season).Forecast(mean, variance);
    }

    /// <summary>Chooses and estimates a model.</summary>
    /// <param name="history">Oldest first, NaN where missing.</param>
    /// <param name="season">Periods of the cycle, 1 for none.</param>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static ArimaModel Fit(ReadOnlySpan<double> history, int season)
    {
        history = history[Math.Max(0, history.Length - LongestHistory)..];
        while (history.Length > 0 && double.IsNaN(history[0])) history = history[1..];
        var filled = new double[history.Length];
        MissingValues.Interpolate(history, filled);
        if (Differencing.IsConstant(filled)) return Fixed(history, new(0, 0, 0, constant: true), filled[0]);

        if (season is < 2 or > LongestSeason) season = 1;
        var seasonal = filled.Length > 2 * season && SeasonalStrength.CallsForDifference(filled, season) ? 1 : 0;
        var differenced = Differencing.Take(filled, 0, seasonal, season);
        var first = UnitRoots.Differences(differenced);
        differenced = Differencing.Take(differenced, first, 0, 1);
        var plain = new ArimaOrder(0, first, 0, 0, seasonal, 0, season, Constant: true);
        if (Differencing.IsConstant(differenced))
            return Fixed(history, plain, Mean(differenced) / (seasonal > 0 ? season : 1));

        var observed = 0;
        foreach (var value in history) observed += double.IsNaN(value) ? 0 : 1;
        var estimator = new ArimaEstimator(filled, first, seasonal, season);
        var search = new ArimaSearch(estimator, Largest(plain, observed), filled.Length > ExactPeriods || season > ExactSeason);
        return search.Run(observed) is { } found ? ArimaModel.Of(history, found, estimator.ConstantUnit)
            : first + seasonal == 0 ? Fixed(history, plain, Mean(filled)) : ArimaModel.At(history, plain with { Constant = false }, []);
    }

    private static ArimaOrder Largest(ArimaOrder plain, int observed)
    {
        var season = plain.Season;
        var near = Math.Min(5, observed / 3);
        var far = season == 1 ? 0 : Math.Min(season > FullSeason ? 1 : 2, observed / 3 / season);
        if (far > 0) near = Math.Min(near, season - 1); // the two parts must not overlap
        return plain with { Ar = near, Ma = near, SeasonalAr = far, SeasonalMa = far };
    }

    private static ArimaModel Fixed(ReadOnlySpan<double> history, ArimaOrder order, double constant) =>
        ArimaModel.At(history, order, order.HasConstant ? [constant] : []);

    private static double Mean(ReadOnlySpan<double> values)
    {
        var mean = 0.0;
        foreach (var value in values) mean += value / values.Length;
        return mean;
    }
}
