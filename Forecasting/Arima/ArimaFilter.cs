using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>The Kalman filter of an ARIMA model on the series itself: knows missing periods and forecasts with exact variances.</summary>
/// <remarks>State of Harvey 1989: max(p + mP, q + mQ + 1) elements of the ARMA part, started from their stationary covariance, and the last
/// d + mD levels, started from zero with variance 10,000,000 (innovations have 1): the approximately diffuse prior of R's arima, ten times wider. Errors
/// whose variance still shows that prior (10,000 or more) do not count. Costs O(size^2) a period.</remarks>
internal sealed class ArimaFilter
{
    private const double DiffuseVariance = 1e7, StillDiffuse = 1e4;

    private readonly double[] _phi, _theta;
    private readonly double[] _levels; // weight of the last, last but one ... level in the next value
    private readonly int _arma, _size;
    private double[] _state, _next;
    private readonly double[] _covariance, _moved, _gain;

    public ArimaFilter(ArimaOrder order, ReadOnlySpan<double> coefficients)
    {
        _arma = Math.Max(order.ArLag, order.MaLag + 1);
        _size = _arma + order.Lost;
        (_phi, _theta, _levels) = (new double[_arma], new double[_arma], Levels(order));
        (_state, _next, _gain) = (new double[_size], new double[_size], new double[_size]);
        (_covariance, _moved) = (new double[_size * _size], new double[_size * _size]);
        Start(order, coefficients);
    }

    private ArimaFilter(ArimaFilter other)
    {
        (_phi, _theta, _levels, _arma, _size) = (other._phi, other._theta, other._levels, other._arma, other._size);
        (_state, _covariance) = ([.. other._state], [.. other._covariance]);
        (_next, _gain, _moved) = (new double[_size], new double[_size], new double[_size * _size]);
    }

    /// <summary>Errors that counted.</summary>
    public int Counted { get; private set; }

    /// <summary>Sum of squared standardised errors.</summary>
    public double Squares { get; private set; }

    /// <summary>Sum of the logarithms of their variances (innovation variance 1).</summary>
    public double Logs { get; private set; }

    /// <summary>A copy that can run ahead.</summary>
    public ArimaFilter Copy() => new(this);

    /// <summary>Learns the next period's value, NaN when missing, and moves on.</summary>
    public void Observe(double value)
    {
        if (!double.IsNaN(value))
        {
            var (mean, variance) = Predict();
            var error = value - mean;
            if (variance < StillDiffuse)
            {
                Counted++;
                Squares += error * error / variance;
                Logs += Math.Log(variance);
            }

            for (var i = 0; i < _size; i++)
            {
                var share = _gain[i] / variance;
                _state[i] += share * error;
                var row = _covariance.AsSpan(i * _size, _size);
                for (var j = 0; j < row.Length; j++) row[j] -= share * _gain[j];
            }
        }

        Advance();
    }

    /// <summary>Mean and variance (in innovation variances) of the next value.</summary>
    public (double Mean, double Variance) Predict()
    {
        for (var i = 0; i < _size; i++)
        {
            var row = _covariance.AsSpan(i * _size, _size);
            _gain[i] = row[0] + Weigh(row);
        }

        return (_state[0] + Weigh(_state), Math.Max(_gain[0] + Weigh(_gain), double.Epsilon));
    }

    /// <summary>Moves on by a period of which nothing is known.</summary>
    public void Advance()
    {
        Transition(_state, _next);
        (_state, _next) = (_next, _state);
        // T P T' + R R': T on every row of P, which is symmetric, then on every row of the transposed result.
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < _size; i++)
            {
                Transition(_covariance.AsSpan(i * _size, _size), _next);
                for (var j = 0; j < _size; j++) _moved[j * _size + i] = _next[j];
            }

            _moved.CopyTo(_covariance, 0);
        }

        for (var i = 0; i < _arma; i++)
            for (var j = 0; j < _arma; j++) _covariance[i * _size + j] += Response(i) * Response(j);
    }

    private static double[] Levels(ArimaOrder order)
    {
        double[] polynomial = [1];
        for (var i = 0; i < order.Differences + order.SeasonalDifferences; i++)
        {
            var lag = i < order.Differences ? 1 : order.Season;
            var product = new double[polynomial.Length + lag];
            for (var j = 0; j < polynomial.Length; j++)
            {
                product[j] += polynomial[j];
                product[j + lag] -= polynomial[j];
            }

            polynomial = product;
        }

        for (var j = 1; j < polynomial.Length; j++) polynomial[j] = -polynomial[j];
        return polynomial[1..];
    }

    private void Start(ArimaOrder order, ReadOnlySpan<double> coefficients)
    {
        var lanes = new Vector256<double>[order.Coefficients];
        for (var i = 0; i < lanes.Length; i++) lanes[i] = Vector256.Create(coefficients[i]);
        var (phi, theta, first) = (new Vector256<double>[_arma], new Vector256<double>[_arma], new Vector256<double>[_arma]);
        ArmaPolynomials.Multiply(lanes.AsSpan(0, order.Ar), lanes.AsSpan(order.SeasonalArAt, order.SeasonalAr), order.Season, -1, phi);
        ArmaPolynomials.Multiply(lanes.AsSpan(order.Ar, order.Ma), lanes.AsSpan(order.SeasonalMaAt, order.SeasonalMa), order.Season, 1, theta);
        new ArmaCovariance(order.ArLag, order.MaLag).Write(phi, theta, first);
        for (var i = 0; i < _arma; i++) (_phi[i], _theta[i]) = (phi[i][0], theta[i][0]);

        // The first row is known and P = T P T' + R R', so every other element follows from the one below and to the right.
        for (var i = _arma - 1; i >= 0; i--)
        {
            for (var j = _arma - 1; j >= 0; j--)
            {
                var down = i + 1 < _arma ? first[i + 1][0] : 0;
                var right = j + 1 < _arma ? first[j + 1][0] : 0;
                var corner = i + 1 < _arma && j + 1 < _arma ? _covariance[(i + 1) * _size + j + 1] : 0;
                _covariance[i * _size + j] = _phi[i] * _phi[j] * first[0][0] + _phi[i] * right + _phi[j] * down + corner + Response(i) * Response(j);
            }
        }

        for (var i = _arma; i < _size; i++) _covariance[i * _size + i] = DiffuseVariance;
    }

    private double Response(int i) => i == 0 ? 1 : _theta[i - 1];

    private double Weigh(ReadOnlySpan<double> state)
    {
        var sum = 0.0;
        for (var j = 0; j < _levels.Length; j++)
            if (_levels[j] != 0) sum += _levels[j] * state[_arma + j];
        return sum;
    }

    private void Transition(ReadOnlySpan<double> from, Span<double> to)
    {
        for (var i = 0; i < _arma - 1; i++) to[i] = _phi[i] * from[0] + from[i + 1];
        to[_arma - 1] = _phi[_arma - 1] * from[0];
        if (_levels.Length == 0) return;
        to[_arma] = from[0] + Weigh(from);
        from[_arma..^1].CopyTo(to[(_arma + 1)..]);
    }
}
