namespace Shabou.Forecasting;

/// <summary>The classical decomposition: the trend is the centred moving average over a season, the season the mean deviation from it.</summary>
/// <remarks>Macaulay 1931; the same figures as R's <c>decompose</c>. Half a season at each end has no trend and so no remainder: both are NaN there. For
/// components without holes use <see cref="SeasonalTrendLoess"/>. Missing periods are interpolated first (<see cref="MissingValues"/>).</remarks>
public static class ClassicalDecomposition
{
    /// <summary>History = trend + seasonal + remainder; the seasonal values of a cycle add up to 0.</summary>
    /// <param name="history">Oldest first, NaN where missing; at least two seasons.</param>
    /// <param name="season">Periods of the cycle, 2 or more.</param>
    /// <exception cref="ArgumentException">No period is observed, or there are fewer than two seasons.</exception>
    public static SeasonalComponents Additive(ReadOnlySpan<double> history, int season)
    {
        var (series, trend) = Start(history, season);
        var figure = Figure(season, series, trend, (value, level) => value - level);
        var mean = figure.Sum() / season;
        var (seasonal, remainder) = (new double[series.Length], new double[series.Length]);
        for (var t = 0; t < series.Length; t++)
        {
            seasonal[t] = figure[t % season] - mean;
            remainder[t] = series[t] - trend[t] - seasonal[t];
        }

        return new(trend, seasonal, remainder);
    }

    /// <summary>History = trend * seasonal * remainder; the seasonal values of a cycle have the mean 1. For positive demand.</summary>
    /// <inheritdoc cref="Additive"/>
    /// <remarks>Where the trend is 0 the remainder is NaN or infinite; a time of the cycle that never has a ratio gets a seasonal value of NaN.
    /// <see cref="SeasonalIndices.TryDecompose"/> says whether the indices can be divided by.</remarks>
    public static SeasonalComponents Multiplicative(ReadOnlySpan<double> history, int season)
    {
        var (series, trend) = Start(history, season);
        var figure = Figure(season, series, trend, (value, level) => value / level);
        var mean = figure.Sum() / season;
        var (seasonal, remainder) = (new double[series.Length], new double[series.Length]);
        for (var t = 0; t < series.Length; t++)
        {
            seasonal[t] = figure[t % season] / mean;
            remainder[t] = series[t] / (trend[t] * seasonal[t]);
        }

        return new(trend, seasonal, remainder);
    }

    private static (double[] Series, double[] Trend) Start(ReadOnlySpan<double> history, int season)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(season, 2);
        var series = new double[history.Length];
        MissingValues.Interpolate(history, series);
        if (series.Length < 2 * season) throw new ArgumentException($"{series.Length} periods are fewer than two seasons of {season}.", nameof(history));

        var trend = new double[series.Length];
        Array.Fill(trend, double.NaN);
        var lanes = SeasonalLanes.Scalar(series);
        for (var t = season / 2; t < series.Length - season / 2; t++)
            trend[t] = SeasonalLanes.Number(SeasonalLanes.CentredSum(lanes, t, season)) / season;
        return (series, trend);
    }

    private static double[] Figure(int season, double[] series, double[] trend, Func<double, double, double> deviation)
    {
        var (figure, counts) = (new double[season], new int[season]);
        for (var t = 0; t < series.Length; t++)
        {
            var value = deviation(series[t], trend[t]);
            if (double.IsNaN(value)) continue;
            figure[t % season] += value;
            counts[t % season]++;
        }

        for (var i = 0; i < season; i++) figure[i] /= counts[i];
        return figure;
    }
}
