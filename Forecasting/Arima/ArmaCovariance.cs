using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>How the state of a stationary ARMA process varies with its value, for innovations of variance 1; four candidates at once.</summary>
/// <remarks>State of Harvey &amp; Phillips 1979: element i holds what the past contributes to the value i periods ahead. Autocovariances of the
/// autoregression by Durbin-Levinson, everything else by sums over the few lags that a multiplicative polynomial has.</remarks>
internal sealed class ArmaCovariance
{
    private readonly int _arLag, _maLag;
    private readonly int[] _arLags, _maLags, _productLags; // ascending; the last two include 0
    private readonly Vector256<double>[] _partial, _predictor, _autoregression, _products, _process, _response;

    public ArmaCovariance(ArimaOrder order)
    {
        (_arLag, _maLag) = (order.ArLag, order.MaLag);
        _arLags = Lags(order.Ar, order.SeasonalAr, order.Season)[1..];
        _maLags = Lags(order.Ma, order.SeasonalMa, order.Season);
        var products = new SortedSet<int>();
        foreach (var left in _maLags)
            foreach (var right in _maLags) products.Add(Math.Abs(left - right));
        _productLags = [.. products];
        (_partial, _predictor, _process) = (new Vector256<double>[_arLag], new Vector256<double>[_arLag], new Vector256<double>[_arLag + 1]);
        _autoregression = new Vector256<double>[_arLag + _maLag + 1];
        (_products, _response) = (new Vector256<double>[_maLag + 1], new Vector256<double>[_maLag + 1]);
    }

    /// <summary>Writes Cov(element i, value), i from 0; element 0 is the value itself.</summary>
    /// <param name="phi">Expanded autoregression, at least p + mP long.</param>
    /// <param name="theta">Expanded moving average, at least q + mQ long.</param>
    /// <param name="covariances">Receives max(p + mP, q + mQ + 1) values.</param>
    /// <returns>All bits set in the lanes that are stationary; the others hold rubbish.</returns>
    public Vector256<double> Write(ReadOnlySpan<Vector256<double>> phi, ReadOnlySpan<Vector256<double>> theta, Span<Vector256<double>> covariances)
    {
        var stationary = Autoregression(phi);
        Products(theta);
        Process();
        Response(phi, theta);
        covariances.Clear();
        covariances[0] = _process[0];
        foreach (var lag in _arLags)
            for (var i = 1; i < lag; i++) covariances[i] += phi[lag - 1] * _process[lag - i];
        foreach (var lag in _maLags)
            for (var i = 1; i <= lag; i++) covariances[i] += theta[lag - 1] * _response[lag - i];
        return stationary;
    }

    private static int[] Lags(int near, int seasonal, int season)
    {
        var lags = new SortedSet<int>();
        for (var i = 0; i <= seasonal; i++)
            for (var j = 0; j <= near; j++) lags.Add(season * i + j);
        return [.. lags];
    }

    // Autocovariances of phi(B) u = e: each order's predictor gives the next lag, the whole polynomial all further ones.
    private Vector256<double> Autoregression(ReadOnlySpan<Vector256<double>> phi)
    {
        phi[.._arLag].CopyTo(_partial);
        var stationary = ArmaPolynomials.ToPartial(_partial);
        var variance = Vector256<double>.One;
        foreach (var partial in _partial) variance *= Vector256<double>.One - partial * partial;
        _autoregression[0] = Vector256<double>.One / variance;
        for (var k = 1; k < _autoregression.Length; k++)
        {
            var sum = Vector256<double>.Zero;
            if (k <= _arLag)
            {
                ArmaPolynomials.StepUp(_predictor.AsSpan(0, k - 1), _partial[k - 1]);
                _predictor[k - 1] = _partial[k - 1];
                for (var j = 0; j < k; j++) sum += _predictor[j] * _autoregression[k - 1 - j];
            }
            else
            {
                foreach (var lag in _arLags) sum += phi[lag - 1] * _autoregression[k - lag];
            }

            _autoregression[k] = sum;
        }

        return stationary;
    }

    private void Products(ReadOnlySpan<Vector256<double>> theta)
    {
        Array.Clear(_products);
        foreach (var left in _maLags)
            foreach (var right in _maLags)
                if (left <= right) _products[right - left] += Weight(theta, left) * Weight(theta, right);
    }

    private void Process()
    {
        for (var at = 0; at < Math.Max(1, _arLag); at++)
        {
            var sum = _products[0] * _autoregression[at];
            foreach (var lag in _productLags.AsSpan(1)) sum += _products[lag] * (_autoregression[Math.Abs(at - lag)] + _autoregression[at + lag]);
            _process[at] = sum;
        }
    }

    private void Response(ReadOnlySpan<Vector256<double>> phi, ReadOnlySpan<Vector256<double>> theta)
    {
        for (var k = 0; k <= _maLag; k++)
        {
            var sum = Weight(theta, k);
            foreach (var lag in _arLags)
                if (lag <= k) sum += phi[lag - 1] * _response[k - lag];
            _response[k] = sum;
        }
    }

    private static Vector256<double> Weight(ReadOnlySpan<Vector256<double>> theta, int lag) => lag == 0 ? Vector256<double>.One : theta[lag - 1];
}
