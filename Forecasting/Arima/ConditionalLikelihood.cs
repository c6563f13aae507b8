using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>The conditional sum of squares of an ARMA model on a complete, differenced series, for four candidates at once: the first
/// p + mP values are taken as given and errors before them as zero (Box &amp; Jenkins 1970). Costs p + q + P + Q products a period.</summary>
internal sealed class ConditionalLikelihood(double[] series, ArimaOrder order, double unit)
{
    private readonly Vector256<double>[] _deseasoned = new Vector256<double>[series.Length];
    private readonly Vector256<double>[] _filtered = new Vector256<double>[series.Length];
    private readonly Vector256<double>[] _errors = new Vector256<double>[series.Length];

    /// <summary>Periods whose errors count.</summary>
    public int Used => series.Length - order.ArLag;

    /// <summary>log(mean squared error) / 2; not finite in lanes that explode.</summary>
    /// <param name="point">Plain coefficients; the constant in multiples of the unit.</param>
    public Vector256<double> Evaluate(ReadOnlySpan<Vector256<double>> point)
    {
        var constant = order.HasConstant ? point[order.ConstantAt] * unit : Vector256<double>.Zero;
        Deseason(point.Slice(order.SeasonalArAt, order.SeasonalAr), constant);
        var ar = point[..order.Ar];
        var ma = point.Slice(order.Ar, order.Ma);
        var seasonal = point.Slice(order.SeasonalMaAt, order.SeasonalMa);
        var start = order.ArLag;
        var squares = Vector256<double>.Zero;
        _filtered.AsSpan(0, Math.Min(start, series.Length)).Clear();
        _errors.AsSpan(0, Math.Min(start, series.Length)).Clear();
        for (var t = start; t < series.Length; t++)
        {
            var value = _deseasoned[t];
            for (var j = 0; j < ar.Length; j++) value -= ar[j] * _deseasoned[t - 1 - j];
            var reach = Math.Min(ma.Length, t);
            for (var j = reach - 1; j >= 0; j--) value -= ma[j] * _filtered[t - 1 - j]; // the newest last: it is the one waited for
            _filtered[t] = value;
            for (int j = 0, lag = order.Season; j < seasonal.Length && lag <= t; j++, lag += order.Season) value -= seasonal[j] * _errors[t - lag];
            _errors[t] = value;
            squares += value * value;
        }

        return ArmaPolynomials.Log(squares / Vector256.Create((double)Used)) * 0.5;
    }

    // Multiplicative polynomials can be applied one after the other.
    private void Deseason(ReadOnlySpan<Vector256<double>> seasonal, Vector256<double> constant)
    {
        for (var t = series.Length - 1; t >= 0; t--)
        {
            var value = Vector256.Create(series[t]) - constant;
            for (int j = 0, lag = order.Season; j < seasonal.Length && lag <= t; j++, lag += order.Season)
                value -= seasonal[j] * (Vector256.Create(series[t - lag]) - constant);
            _deseasoned[t] = value;
        }
    }
}
