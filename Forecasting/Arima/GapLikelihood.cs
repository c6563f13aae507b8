using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>The likelihood of an ARIMA model on a history with missing periods, by the full filter.</summary>
internal sealed class GapLikelihood
{
    // In products, of about 300 evaluations: a third of a second.
    private const double MostWork = 4e7;

    private readonly double[] _history;
    private readonly ArimaOrder _order;
    private readonly double _unit;

    private GapLikelihood(ReadOnlySpan<double> history, ArimaOrder order, double unit)
    {
        (_history, _order, _unit) = (history.ToArray(), order, unit);
        if (order.Lost == 0) return;
        var origin = double.NaN; // the level that differences forget; the filter expects it near zero
        foreach (ref var value in _history.AsSpan())
        {
            if (double.IsNaN(origin)) origin = value;
            value -= origin;
        }
    }

    /// <summary>Goes on from an estimate that was made with interpolated gaps to the maximum of the likelihood that knows of them.</summary>
    /// <param name="history">NaN where missing.</param>
    /// <param name="estimate">Where to start.</param>
    /// <param name="unit">Ten standard errors of the constant.</param>
    /// <returns>Coefficients; those of the estimate when nothing is missing, nothing better is found, or it would take longer than about a
    /// third of a second.</returns>
    public static double[] Refine(ReadOnlySpan<double> history, ArimaEstimate estimate, double unit)
    {
        var order = estimate.Order;
        var size = Math.Max(order.ArLag, order.MaLag + 1) + order.Lost;
        if (!history.Contains(double.NaN) || 300.0 * history.Length * size * size > MostWork) return estimate.Coefficients;
        double[] point = [.. estimate.Coefficients];
        if (!ArmaPolynomials.TryUnbound(point.AsSpan(0, order.Ar))
            || !ArmaPolynomials.TryUnbound(point.AsSpan(order.SeasonalArAt, order.SeasonalAr))) return estimate.Coefficients;
        if (order.HasConstant) point[^1] /= unit;
        if (double.IsNaN(QuasiNewton.Minimise(new GapLikelihood(history, order, unit).Evaluate, point).Value)) return estimate.Coefficients;

        ArmaPolynomials.Bound(point.AsSpan(0, order.Ar));
        ArmaPolynomials.Bound(point.AsSpan(order.SeasonalArAt, order.SeasonalAr));
        ArmaPolynomials.MakeInvertible(point.AsSpan(order.Ar, order.Ma));
        ArmaPolynomials.MakeInvertible(point.AsSpan(order.SeasonalMaAt, order.SeasonalMa));
        if (order.HasConstant) point[^1] *= unit;
        return point;
    }

    private Vector256<double> Evaluate(ReadOnlySpan<Vector256<double>> point)
    {
        var values = Vector256<double>.Zero;
        Span<double> coefficients = stackalloc double[point.Length];
        for (var lane = 0; lane < 4; lane++)
        {
            for (var i = 0; i < coefficients.Length; i++) coefficients[i] = point[i][lane];
            ArmaPolynomials.Bound(coefficients[.._order.Ar]);
            ArmaPolynomials.Bound(coefficients.Slice(_order.SeasonalArAt, _order.SeasonalAr));
            if (_order.HasConstant) coefficients[^1] *= _unit;
            values = values.WithElement(lane, Filter(coefficients));
        }

        return values;
    }

    private double Filter(ReadOnlySpan<double> coefficients)
    {
        var filter = new ArimaFilter(_order, coefficients);
        var constant = _order.HasConstant ? coefficients[^1] : 0;
        for (var t = 0; t < _history.Length; t++) filter.Observe(_history[t] - constant * (_order.Lost > 0 ? t : 1));
        return 0.5 * (Math.Log(filter.Squares / filter.Counted) + filter.Logs / filter.Counted);
    }
}
