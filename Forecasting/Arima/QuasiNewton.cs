using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>A function of several variables, evaluated at four points at once: element i holds the four values of variable i.</summary>
internal delegate Vector256<double> FourPoints(ReadOnlySpan<Vector256<double>> point);

/// <summary>Minimises a smooth function by the variable-metric method (BFGS) of Nash 1990, Compact Numerical Methods for Computers, algorithm 21,
/// with central differences of 0.001: what R's optim does, so that both stop in the same minimum.</summary>
internal sealed class QuasiNewton
{
    private const double Step = 1e-3, Shrink = 0.2, Acceptable = 1e-4, Tolerance = 1e-8, SameAs = 10;
    private const int Iterations = 100;

    private readonly FourPoints _function;
    private readonly Vector256<double>[] _lanes;
    private readonly double[] _gradient, _change, _origin, _direction, _product;
    private readonly double[] _inverse; // of the Hessian, approximately
    private double _best;
    private int _gradients, _reset;

    private QuasiNewton(FourPoints function, int n)
    {
        (_function, _lanes, _inverse) = (function, new Vector256<double>[n], new double[n * n]);
        (_gradient, _change, _origin, _direction, _product) = (new double[n], new double[n], new double[n], new double[n], new double[n]);
    }

    /// <summary>Where a search ended.</summary>
    /// <param name="Value">The least value found; NaN when the function has none at the start or no slope somewhere on the way.</param>
    /// <param name="Converged">False when the allowed 100 gradients were used up.</param>
    public readonly record struct Outcome(double Value, bool Converged);

    /// <summary>Moves <paramref name="point"/> to the minimum.</summary>
    public static Outcome Minimise(FourPoints function, Span<double> point) => new QuasiNewton(function, point.Length).Run(point);

    private Outcome Run(Span<double> point)
    {
        Spread(point);
        _best = _function(_lanes)[0];
        if (!double.IsFinite(_best)) return new(double.NaN, false);
        if (point.Length == 0) return new(_best, true);
        if (!TryGradient(point)) return new(double.NaN, false);
        _reset = _gradients;
        while (true)
        {
            var steepest = _reset == _gradients;
            if (steepest) ForgetCurvature();
            var moved = Move(point);
            if (double.IsNaN(_best)) return new(double.NaN, false);
            if (_gradients >= Iterations) return new(_best, false);
            if (!moved && steepest) return new(_best, true);
            if (!moved || _gradients - _reset > 2 * point.Length) _reset = _gradients;
        }
    }

    // One line search and what it teaches; false when there is no way down, or hardly.
    private bool Move(Span<double> point)
    {
        point.CopyTo(_origin);
        var slope = Descend();
        if (!(slope < 0)) return false;
        var (length, value) = Search(slope, point);
        if (length == 0) return false;
        var enough = Math.Abs(value - _best) > Tolerance * (Math.Abs(_best) + Tolerance);
        _best = value;
        if (!enough) return false;

        _gradient.CopyTo(_change, 0);
        if (!TryGradient(point))
        {
            _best = double.NaN;
            return false;
        }

        for (var i = 0; i < point.Length; i++) (_direction[i], _change[i]) = (_direction[i] * length, _gradient[i] - _change[i]);
        if (!TryUpdate()) _reset = _gradients;
        return true;
    }

    private void Spread(ReadOnlySpan<double> point)
    {
        for (var i = 0; i < point.Length; i++) _lanes[i] = Vector256.Create(point[i]);
    }

    // Two variables a call: up and down each.
    private bool TryGradient(ReadOnlySpan<double> point)
    {
        _gradients++;
        Spread(point);
        var finite = true;
        for (var i = 0; i < point.Length; i += 2)
        {
            _lanes[i] += Vector256.Create(Step, -Step, 0, 0);
            if (i + 1 < point.Length) _lanes[i + 1] += Vector256.Create(0, 0, Step, -Step);
            var values = _function(_lanes);
            _gradient[i] = (values[0] - values[1]) / (2 * Step);
            finite &= double.IsFinite(_gradient[i]);
            _lanes[i] = Vector256.Create(point[i]);
            if (i + 1 == point.Length) break;
            _gradient[i + 1] = (values[2] - values[3]) / (2 * Step);
            finite &= double.IsFinite(_gradient[i + 1]);
            _lanes[i + 1] = Vector256.Create(point[i + 1]);
        }

        return finite;
    }

    private void ForgetCurvature()
    {
        Array.Clear(_inverse);
        for (var i = 0; i < _gradient.Length; i++) _inverse[i * _gradient.Length + i] = 1;
    }

    private double Descend()
    {
        var (n, slope) = (_gradient.Length, 0.0);
        for (var i = 0; i < n; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < n; j++) sum -= _inverse[i * n + j] * _gradient[j];
            _direction[i] = sum;
            slope += sum * _gradient[i];
        }

        return slope;
    }

    // Four step lengths a call: 1, 0.2, 0.04, 0.008 and so on; the first that is good enough is taken. Length 0: none before the point stays the same.
    private (double Length, double Value) Search(double slope, Span<double> point)
    {
        for (var longest = 1.0; ; longest *= Shrink * Shrink * Shrink * Shrink)
        {
            var lengths = Vector256.Create(longest, longest * Shrink, longest * Shrink * Shrink, longest * Shrink * Shrink * Shrink);
            for (var i = 0; i < point.Length; i++) _lanes[i] = Vector256.Create(_origin[i]) + lengths * _direction[i];
            var values = _function(_lanes);
            for (var lane = 0; lane < 4; lane++)
            {
                var moved = false;
                for (var i = 0; i < point.Length; i++)
                {
                    point[i] = _lanes[i][lane];
                    moved |= SameAs + _origin[i] != SameAs + point[i];
                }

                if (!moved) return (0, _best);
                if (double.IsFinite(values[lane]) && values[lane] <= _best + slope * lengths[lane] * Acceptable) return (lengths[lane], values[lane]);
            }
        }
    }

    // BFGS, from the step in _direction and the change of the gradient; false when the function is not convex along it.
    private bool TryUpdate()
    {
        var n = _direction.Length;
        var curvature = 0.0;
        for (var i = 0; i < n; i++) curvature += _direction[i] * _change[i];
        if (!(curvature > 0)) return false;
        var ratio = 0.0;
        for (var i = 0; i < n; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < n; j++) sum += _inverse[i * n + j] * _change[j];
            _product[i] = sum;
            ratio += sum * _change[i];
        }

        ratio = 1 + ratio / curvature;
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                _inverse[i * n + j] += (ratio * _direction[i] * _direction[j] - _direction[i] * _product[j] - _product[i] * _direction[j]) / curvature;
        return true;
    }
}
