namespace Shabou.Forecasting;

/// <summary>Demand in whole units: Poisson, or negative binomial where the variance is above the mean.</summary>
/// <remarks>Negative binomial: size r = mean^2 / (variance - mean), success probability p = r / (r + mean) (Snyder, Ord &amp; Beaumont 2012). Probabilities
/// come from the recursion p(k+1) / p(k) = (k + r) / (k + 1) (1 - p), so that nothing but additions of positive numbers is involved. A mean above 200 or a
/// variance above 100 times the mean is answered by the gamma distribution of the same moments, half a unit apart: the limit of both, and the cost stays bounded for means
/// of any size.</remarks>
public sealed class CountDemand : IDemandDistribution
{
    internal const double LargestMean = 200;
    internal const double LargestDispersion = 100;
    private const double Negligible = 1e-12;

    private readonly double[] _cumulative = [];
    private readonly double[] _shortage = [];
    private readonly GammaDemand? _large;

    private CountDemand(double mean, double variance)
    {
        (Mean, Variance) = (mean, mean > 0 ? variance : 0);
        if (!(mean > 0)) return;
        if (IsLarge(mean, variance)) _large = new(mean, variance);
        else (_cumulative, _shortage) = Tabulate(mean, variance);
    }

    public double Mean { get; }

    public double Variance { get; }

    /// <summary>Poisson demand.</summary>
    /// <param name="mean">Expected units, 0 or more; also the variance.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public static CountDemand Poisson(double mean) => new(DemandLevel.Moment(mean, nameof(mean)), mean);

    /// <summary>Negative binomial demand.</summary>
    /// <param name="mean">Expected units, 0 or more.</param>
    /// <param name="variance">Squared units; at or below the mean it counts as the mean: Poisson.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public static CountDemand NegativeBinomial(double mean, double variance) =>
        new(DemandLevel.Moment(mean, nameof(mean)), Math.Max(mean, DemandLevel.Moment(variance, nameof(variance))));

    internal static bool IsLarge(double mean, double variance) => mean > LargestMean || variance > LargestDispersion * mean;

    public double Cdf(double units)
    {
        if (units < 0) return 0;
        if (_large is not null) return _large.Cdf(Math.Floor(units) + 0.5);
        return units >= _cumulative.Length ? 1 : _cumulative[(int)units];
    }

    public double Quantile(double level)
    {
        level = DemandLevel.Of(level);
        if (_large is not null) return Math.Max(0, Math.Ceiling(_large.Quantile(level) - 0.5));
        var index = Array.BinarySearch(_cumulative, level - Negligible);
        return index >= 0 ? index : Math.Min(~index, Math.Max(0, _cumulative.Length - 1));
    }

    /// <inheritdoc/>
    /// <remarks>Linear between whole units, exactly.</remarks>
    public double Shortage(double stock)
    {
        if (stock <= 0) return Mean - stock;
        if (_large is not null) return _large.Shortage(stock);
        if (stock >= _shortage.Length - 1) return 0;
        var whole = (int)stock;
        return _shortage[whole] + (stock - whole) * (_shortage[whole + 1] - _shortage[whole]);
    }

    /// <summary>Means and variances add up; for whole numbers of intervals that is exact.</summary>
    public IDemandDistribution Sum(double intervals) => new CountDemand(Mean * intervals, Variance * intervals);

    private static (double[] Cumulative, double[] Shortage) Tabulate(double mean, double variance)
    {
        var steps = new CountSteps(mean, variance);
        var cumulative = new List<double>();
        double sum = 0, probability = steps.First;
        // Past the mean the terms fall at least as fast as those of a geometric series, so the tail is negligible when a term is.
        for (var count = 0; sum < 1 - Negligible && (count < mean || probability > Negligible * Negligible); count++)
        {
            cumulative.Add(Math.Min(1, sum += probability));
            probability *= steps.Ratio(count);
        }

        var shortage = new double[cumulative.Count + 1]; // E[(D-s)+] - E[(D-s-1)+] = P(D > s)
        for (var stock = cumulative.Count - 1; stock >= 0; stock--) shortage[stock] = shortage[stock + 1] + 1 - cumulative[stock];
        return ([.. cumulative], shortage);
    }
}

/// <summary>The recursion over the probabilities of Poisson (variance up to the mean) and negative binomial counts.</summary>
internal readonly struct CountSteps
{
    private readonly double _mean;
    private readonly double _size;
    private readonly double _failure;

    public CountSteps(double mean, double variance)
    {
        _mean = mean;
        _size = variance > mean * (1 + 1e-9) ? mean / (variance / mean - 1) : double.PositiveInfinity;
        _failure = double.IsInfinity(_size) ? 0 : mean / (_size + mean);
        First = double.IsInfinity(_size) ? Math.Exp(-mean) : Math.Exp(-_size * double.LogP1(mean / _size));
    }

    /// <summary>P(0).</summary>
    public double First { get; }

    /// <summary>P(count + 1) / P(count).</summary>
    public double Ratio(int count) => (double.IsInfinity(_size) ? _mean : (count + _size) * _failure) / (count + 1);
}
