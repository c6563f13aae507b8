using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>Coefficients of one order and what they are worth.</summary>
/// <param name="Coefficients">As in <see cref="ArimaModel.Coefficients"/>.</param>
/// <param name="Criterion">AICc, up to a constant of the series; comparable within one estimator and one kind of estimate only.</param>
internal sealed record ArimaEstimate(ArimaOrder Order, double[] Coefficients, double Criterion);

/// <summary>Estimates ARIMA models of one complete series for a given number of differences, as R's arima does: by the conditional sum of
/// squares, and from there by exact likelihood.</summary>
/// <remarks>Autoregressions are kept stationary by searching over partial autocorrelations (Monahan 1984); moving averages are
/// searched freely, because the likelihood is the same for a root and its mirror image, and mirrored to invertible ones at the end.</remarks>
internal sealed class ArimaEstimator
{
    private const double NearUnit = 1.01; // roots nearer to the unit circle mean an unstable model or one difference too few (Hyndman & Khandakar 2008)

    private readonly double[] _series; // differenced, standard deviation 1
    private readonly double _scale, _mean, _constantUnit, _driftPeriods;
    private readonly bool _tiny;

    public ArimaEstimator(ReadOnlySpan<double> complete, int differences, int seasonalDifferences, int season)
    {
        _series = Differencing.Take(complete, differences, seasonalDifferences, season);
        _tiny = complete.Length <= 3;
        var (sum, squares, largest) = (0.0, 0.0, 0.0);
        foreach (var value in _series) largest = Math.Max(largest, Math.Abs(value));
        if (largest == 0) largest = 1;
        foreach (var value in _series) sum += value / largest;
        var mean = sum / Math.Max(1, _series.Length);
        foreach (var value in _series) squares += (value / largest - mean) * (value / largest - mean);
        var deviation = Math.Sqrt(squares / Math.Max(1, _series.Length - 1));
        if (deviation == 0) deviation = 1;
        _scale = deviation * largest;
        for (var t = 0; t < _series.Length; t++) _series[t] /= _scale;
        _mean = mean / deviation;
        _constantUnit = 10 / Math.Sqrt(Math.Max(1, _series.Length)); // ten standard errors of the mean
        _driftPeriods = seasonalDifferences > 0 ? season : 1;
    }

    /// <summary>Ten standard errors of the mean or drift, in its own units: the step in which it is searched.</summary>
    public double ConstantUnit => _constantUnit * _scale / _driftPeriods;

    /// <summary>Maximum likelihood, for a search.</summary>
    /// <param name="order">Its differences are those of this estimator.</param>
    /// <param name="toBeat">Estimates whose criterion is not below this are dropped unseen.</param>
    /// <returns>Null when nothing usable is found: a root within 1 % of the unit circle or a likelihood that is flat in some direction
    /// speaks against the order.</returns>
    public ArimaEstimate? Exact(ArimaOrder order, double toBeat = double.PositiveInfinity) =>
        Maximum(order) is { } found && found.Criterion < toBeat && Usable(order, found.Natural)
            && QuasiNewton.IsMinimum(new ExactLikelihood(_series, order, _constantUnit).Evaluate, found.Point)
            ? new(order, Described(order, found.Natural), found.Criterion) : null;

    /// <summary>Maximum likelihood, whatever the roots.</summary>
    /// <returns>Null when the series is too short or the conditional sum of squares puts the autoregression outside the stationary region.</returns>
    public ArimaEstimate? Any(ArimaOrder order) =>
        Maximum(order) is { } found ? new(order, Described(order, found.Natural), found.Criterion) : null;

    private (double[] Point, double[] Natural, double Criterion)? Maximum(ArimaOrder order)
    {
        var point = Start(order);
        var conditional = new ConditionalLikelihood(_series, order, _constantUnit);
        if (conditional.Used <= 0) return null;
        var screened = QuasiNewton.Minimise(conditional.Evaluate, point);
        if (double.IsNaN(screened.Value)) return null;
        if (!screened.Converged) Start(order).CopyTo(point.AsSpan());
        if (!ArmaPolynomials.TryUnbound(point.AsSpan(0, order.Ar)) || !ArmaPolynomials.TryUnbound(point.AsSpan(order.SeasonalArAt, order.SeasonalAr))) return null;
        Invert(order, point);

        var exact = new ExactLikelihood(_series, order, _constantUnit);
        var found = QuasiNewton.Minimise(exact.Evaluate, point);
        if (double.IsNaN(found.Value)) return null;
        Invert(order, point);
        return (point, Natural(order, point), Criterion(order, 2 * found.Value));
    }

    /// <summary>Least conditional sum of squares.</summary>
    public ArimaEstimate? Conditional(ArimaOrder order, double toBeat)
    {
        var point = Start(order);
        var conditional = new ConditionalLikelihood(_series, order, _constantUnit);
        if (conditional.Used <= 0) return null;
        var found = QuasiNewton.Minimise(conditional.Evaluate, point);
        var criterion = Criterion(order, 2 * found.Value);
        return criterion < toBeat && Usable(order, point) && QuasiNewton.IsMinimum(conditional.Evaluate, point)
            ? new(order, Described(order, point), criterion) : null;
    }

    private double[] Start(ArimaOrder order)
    {
        var point = new double[order.Coefficients];
        if (order.HasConstant) point[^1] = _mean / _constantUnit;
        return point;
    }

    private double Criterion(ArimaOrder order, double logVariance)
    {
        var (n, parameters) = (_series.Length, order.Coefficients + 1);
        var plain = n * logVariance + 2 * parameters;
        if (_tiny) return plain; // AIC: the correction would leave nothing but a mean of zero
        return n > parameters + 1 ? plain + 2.0 * parameters * (parameters + 1) / (n - parameters - 1) : double.NaN;
    }

    private static bool Usable(ArimaOrder order, ReadOnlySpan<double> natural)
    {
        Span<double> moving = stackalloc double[order.Coefficients];
        for (var i = 0; i < moving.Length; i++) moving[i] = -natural[i];
        var seasonal = Math.Pow(NearUnit, order.Season);
        return ArmaPolynomials.RootsAreOutside(natural[..order.Ar], NearUnit)
            && ArmaPolynomials.RootsAreOutside(natural.Slice(order.SeasonalArAt, order.SeasonalAr), seasonal)
            && ArmaPolynomials.RootsAreOutside(moving.Slice(order.Ar, order.Ma), NearUnit)
            && ArmaPolynomials.RootsAreOutside(moving.Slice(order.SeasonalMaAt, order.SeasonalMa), seasonal);
    }

    private static void Invert(ArimaOrder order, double[] point)
    {
        ArmaPolynomials.MakeInvertible(point.AsSpan(order.Ar, order.Ma));
        ArmaPolynomials.MakeInvertible(point.AsSpan(order.SeasonalMaAt, order.SeasonalMa));
    }

    private static double[] Natural(ArimaOrder order, double[] point)
    {
        double[] natural = [.. point];
        ArmaPolynomials.Bound(natural.AsSpan(0, order.Ar));
        ArmaPolynomials.Bound(natural.AsSpan(order.SeasonalArAt, order.SeasonalAr));
        return natural;
    }

    private double[] Described(ArimaOrder order, ReadOnlySpan<double> natural)
    {
        var coefficients = natural.ToArray();
        if (order.HasConstant) coefficients[^1] *= ConstantUnit;
        return coefficients;
    }
}
