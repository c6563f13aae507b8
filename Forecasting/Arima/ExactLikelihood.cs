using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>The exact Gaussian likelihood of an ARMA model on a complete, differenced series, for four candidates at once.</summary>
/// <remarks>The Kalman filter from the stationary distribution (Gardner, Harvey &amp; Phillips 1980), not with its r x r covariance but with the
/// rank-one change of it from step to step (Morf, Sidhu &amp; Kailath 1974; Pearlman 1980): the same innovations in O(r) instead of
/// O(r^2) a step, r = max(p + mP, q + mQ + 1). No fused operations are used, so every machine gives the same bits.</remarks>
internal sealed class ExactLikelihood
{
    private const int LookAgain = 16;
    private const double Settled = 1e-18;

    private readonly double[] _series;
    private readonly ArimaOrder _order;
    private readonly double _unit;
    private readonly ArmaCovariance _start;
    private readonly Vector256<double>[] _point;
    private readonly Vector256<double>[] _phi, _theta, _state, _gain, _change;

    /// <param name="series">Differenced, no NaN.</param>
    /// <param name="order">Its differences are already taken.</param>
    /// <param name="unit">The constant is given in multiples of this.</param>
    public ExactLikelihood(double[] series, ArimaOrder order, double unit)
    {
        (_series, _order, _unit) = (series, order, unit);
        var size = Math.Max(order.ArLag, order.MaLag + 1);
        _start = new(order.ArLag, order.MaLag);
        _point = new Vector256<double>[order.Coefficients];
        (_phi, _theta) = (new Vector256<double>[size], new Vector256<double>[size]);
        // One zero more, so that shifting by one needs no end.
        (_state, _gain, _change) = (new Vector256<double>[size + 1], new Vector256<double>[size + 1], new Vector256<double>[size + 1]);
    }

    /// <summary>(log(S/n) + sum of log F / n) / 2, S the sum of squared standardised innovations and F their variances: what
    /// R's arima minimises. Infinite or NaN in lanes without a value.</summary>
    /// <param name="point">Coefficients; those of both autoregressions as inverse hyperbolic tangents of partial autocorrelations.</param>
    public Vector256<double> Evaluate(ReadOnlySpan<Vector256<double>> point)
    {
        point.CopyTo(_point);
        Stationary(_point.AsSpan(0, _order.Ar));
        Stationary(_point.AsSpan(_order.SeasonalArAt, _order.SeasonalAr));
        return EvaluateCoefficients(_point);
    }

    /// <summary>The same for plain coefficients.</summary>
    public Vector256<double> EvaluateCoefficients(ReadOnlySpan<Vector256<double>> point)
    {
        ArmaPolynomials.Multiply(point[.._order.Ar], point.Slice(_order.SeasonalArAt, _order.SeasonalAr), _order.Season, -1, _phi);
        ArmaPolynomials.Multiply(point.Slice(_order.Ar, _order.Ma), point.Slice(_order.SeasonalMaAt, _order.SeasonalMa), _order.Season, 1, _theta);
        var constant = _order.HasConstant ? point[_order.ConstantAt] * _unit : Vector256<double>.Zero;

        var covariances = _change.AsSpan(0, _phi.Length); // gone once the gain is known
        var stationary = _start.Write(_phi, _theta, covariances);
        var variance = covariances[0];
        for (var i = 0; i < _phi.Length; i++)
            _gain[i] = _phi[i] * variance + (i + 1 < _phi.Length ? covariances[i + 1] : Vector256<double>.Zero);
        return Vector256.ConditionalSelect(stationary, Filter(constant, variance), Vector256.Create(double.PositiveInfinity));
    }

    private static void Stationary(Span<Vector256<double>> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var lanes = values[i];
            values[i] = Vector256.Create(Math.Tanh(lanes[0]), Math.Tanh(lanes[1]), Math.Tanh(lanes[2]), Math.Tanh(lanes[3]));
        }

        ArmaPolynomials.FromPartial(values);
    }

    private Vector256<double> Filter(Vector256<double> constant, Vector256<double> variance)
    {
        Array.Clear(_state);
        _gain.CopyTo(_change, 0);
        var weight = -Vector256<double>.One / variance;
        var squares = Vector256<double>.Zero;
        var product = Vector256<double>.One;
        var logs = Vector256<double>.Zero;
        var settled = false;
        for (var t = 0; t < _series.Length; t++)
        {
            var innovation = Vector256.Create(_series[t]) - constant - _state[0];
            var scaled = innovation / variance;
            squares += innovation * scaled;
            product *= variance;
            if (!Vector256.LessThanAll(product, Vector256.Create(1e100)))
            {
                logs += ArmaPolynomials.Log(product);
                product = Vector256<double>.One;
            }

            if (settled)
            {
                Advance(scaled);
                continue;
            }

            var first = _change[0];
            var next = variance + weight * first * first;
            Advance(scaled, first, first / variance, weight * first);
            weight *= variance / next;
            variance = next;
            if (t % LookAgain == LookAgain - 1) settled = IsSettled(weight);
        }

        var n = Vector256.Create((double)_series.Length);
        return (ArmaPolynomials.Log(squares / n) + (logs + ArmaPolynomials.Log(product)) / n) * 0.5;
    }

    // state = T state + K v / F; K and the rank-one change L of the covariance move on with it.
    private void Advance(Vector256<double> innovation, Vector256<double> first, Vector256<double> back, Vector256<double> forth)
    {
        var size = _phi.Length;
        var phi = _phi.AsSpan(0, size);
        var state = _state.AsSpan(0, size + 1);
        var gain = _gain.AsSpan(0, size);
        var change = _change.AsSpan(0, size + 1);
        var value = state[0];
        for (var i = 0; i < phi.Length; i++)
        {
            var (coefficient, old) = (phi[i], gain[i]);
            var moved = coefficient * first + change[i + 1];
            state[i] = coefficient * value + state[i + 1] + old * innovation;
            change[i] = moved - back * old;
            gain[i] = old + forth * moved;
        }
    }

    private void Advance(Vector256<double> innovation)
    {
        var size = _phi.Length;
        var phi = _phi.AsSpan(0, size);
        var state = _state.AsSpan(0, size + 1);
        var gain = _gain.AsSpan(0, size);
        var value = state[0];
        for (var i = 0; i < phi.Length; i++) state[i] = phi[i] * value + state[i + 1] + gain[i] * innovation;
    }

    private bool IsSettled(Vector256<double> weight)
    {
        var limit = Vector256.Create(Settled);
        foreach (var change in _change)
            if (!Vector256.LessThanAll(Vector256.Abs(weight) * change * change, limit)) return false;
        return true;
    }
}
