using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>How the state of a stationary ARMA process varies with its value, for innovations of variance 1; four candidates at once.</summary>
/// <remarks>State of Harvey &amp; Phillips 1979: element i holds what the past contributes to the value i periods ahead.</remarks>
internal sealed class ArmaCovariance(int arLag, int maLag)
{
    private readonly Vector256<double>[] _partial = new Vector256<double>[arLag];
    private readonly Vector256<double>[] _predictor = new Vector256<double>[arLag];
    private readonly Vector256<double>[] _autoregression = new Vector256<double>[arLag + maLag + 1];
    private readonly Vector256<double>[] _products = new Vector256<double>[maLag + 1];
    private readonly Vector256<double>[] _process = new Vector256<double>[arLag + 1];
    private readonly Vector256<double>[] _response = new Vector256<double>[maLag + 1];

    /// <summary>Writes Cov(element i, value), i from 0; element 0 is the value itself.</summary>
    /// <param name="phi">Expanded autoregression, at least arLag long.</param>
    /// <param name="theta">Expanded moving average, at least maLag long.</param>
    /// <param name="covariances">Receives max(p, q + 1) values.</param>
    /// <returns>All bits set in the lanes that are stationary; the others hold rubbish.</returns>
    public Vector256<double> Write(ReadOnlySpan<Vector256<double>> phi, ReadOnlySpan<Vector256<double>> theta, Span<Vector256<double>> covariances)
    {
        phi = phi[..arLag];
        theta = theta[..maLag];
        var stationary = Autoregression(phi);
        Products(theta);
        Process();
        Response(phi, theta);
        covariances[0] = _process[0];
        for (var i = 1; i < covariances.Length; i++)
        {
            var sum = Vector256<double>.Zero;
            for (var j = i; j < arLag; j++) sum += phi[j] * _process[j - i + 1];
            for (var j = i; j <= maLag; j++) sum += theta[j - 1] * _response[j - i];
            covariances[i] = sum;
        }

        return stationary;
    }

    // Autocovariances of phi(B) u = e: each order's predictor gives the next lag (Durbin-Levinson).
    private Vector256<double> Autoregression(ReadOnlySpan<Vector256<double>> phi)
    {
        phi.CopyTo(_partial);
        var stationary = ArmaPolynomials.ToPartial(_partial);
        var variance = Vector256<double>.One;
        foreach (var partial in _partial) variance /= Vector256<double>.One - partial * partial;
        _autoregression[0] = variance;
        for (var k = 1; k < _autoregression.Length; k++)
        {
            var used = Math.Min(k, arLag);
            if (k <= arLag)
            {
                ArmaPolynomials.StepUp(_predictor.AsSpan(0, k - 1), _partial[k - 1]);
                _predictor[k - 1] = _partial[k - 1];
            }

            var sum = Vector256<double>.Zero;
            for (var j = 0; j < used; j++) sum += _predictor[j] * _autoregression[k - 1 - j];
            _autoregression[k] = sum;
        }

        return stationary;
    }

    private void Products(ReadOnlySpan<Vector256<double>> theta)
    {
        for (var lag = 0; lag <= maLag; lag++)
        {
            var sum = lag == 0 ? Vector256<double>.One : theta[lag - 1];
            for (var j = 0; j + lag < maLag; j++) sum += theta[j] * theta[j + lag];
            _products[lag] = sum;
        }
    }

    private void Process()
    {
        for (var lag = 0; lag < Math.Max(1, arLag); lag++)
        {
            var sum = _products[0] * _autoregression[lag];
            for (var l = 1; l <= maLag; l++) sum += _products[l] * (_autoregression[Math.Abs(lag - l)] + _autoregression[lag + l]);
            _process[lag] = sum;
        }
    }

    private void Response(ReadOnlySpan<Vector256<double>> phi, ReadOnlySpan<Vector256<double>> theta)
    {
        _response[0] = Vector256<double>.One;
        for (var k = 1; k <= maLag; k++)
        {
            var sum = theta[k - 1];
            for (var j = 1; j <= Math.Min(k, arLag); j++) sum += phi[j - 1] * _response[k - j];
            _response[k] = sum;
        }
    }
}
