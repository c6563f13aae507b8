using System.Buffers;
using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>Maximises the likelihood over smoothing parameters and first states together.</summary>
/// <remarks>
/// Minus twice the log likelihood is n log S, S being the sum of squares of e(t) times the geometric mean of the forecasts (times 1 for additive
/// errors). So the maximum is a nonlinear least squares problem for every model, and Gauss-Newton steps with Marquardt's damping (1963)
/// on the exact derivatives find it in some ten steps. Bounds: an unknown that is at its bound and pushed against it stays there; one that
/// would pass it stops there and the others are solved for again. A step that leaves the forecastable region or does not lower the
/// deviance is damped more; one that lowers it by much less than it promised has jumped over a valley, whose bottom a parabola finds.
/// The lanes of a vector are the unknowns of one model (<see cref="EtsSensitivities"/>), not several series: one series alone is as fast as a
/// thousand, series need not be of equal length, and nothing waits for the slowest of a batch.
/// One instance serves the models of one series, on one thread.
/// </remarks>
internal sealed class EtsSearch : IDisposable
{
    private const int MostSteps = 100;
    private const double Hope = 5;

    /// <summary>Precision of a climb that ends on the top.</summary>
    public const double Exact = 1e-11;

    /// <summary>Precision of a climb that serves a forecast: what is left moves it by a thousandth of its standard error.</summary>
    public const double Close = 1e-5;

    /// <summary>Precision of a climb that tells summits apart.</summary>
    public const double Rough = 1e-2;

    private readonly double[] _kept;
    private readonly double[] _other;
    private readonly double[] _work = ArrayPool<double>.Shared.Rent(EtsSensitivities.WorkSize);
    private readonly double[] _products = new double[EtsLayout.LongestStride * EtsLayout.LongestStride];
    private readonly double[] _equations = new double[EtsLayout.LongestStride * EtsLayout.LongestStride];
    private readonly double[] _logs = new double[EtsLayout.LongestStride];
    private readonly double[] _gradient = new double[EtsLayout.LongestStride];
    private readonly double[] _given = new double[EtsLayout.LongestStride];
    private readonly double[] _step = new double[EtsLayout.LongestStride];
    private readonly double[] _trial = new double[EtsLayout.LongestStride];
    private readonly double[] _indices = new double[EtsModel.LongestSeason];
    private double[] _errors, _otherErrors, _now, _next;

    public EtsSearch(int periods)
    {
        _kept = ArrayPool<double>.Shared.Rent(Math.Max(1, periods) * (EtsRecursion.Kept + 1));
        _other = ArrayPool<double>.Shared.Rent(Math.Max(1, periods) * (EtsRecursion.Kept + 1));
        (_now, _next) = (_kept, _other);
        (_errors, _otherErrors) = (new double[periods], new double[periods]);
    }

    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_kept);
        ArrayPool<double>.Shared.Return(_other);
        ArrayPool<double>.Shared.Return(_work);
    }

    public double Deviance(ReadOnlySpan<double> series, in EtsLayout layout, ReadOnlySpan<double> point) =>
        EtsRecursion.Run(series, layout, point, _now, _errors, _indices).Deviance;

    /// <inheritdoc cref="EtsRecursion.Run"/>
    public (double Deviance, double Squares, double Level, double Slope) Run(
        ReadOnlySpan<double> series, in EtsLayout layout, ReadOnlySpan<double> point, Span<double> indices) =>
        EtsRecursion.Run(series, layout, point, _now, _errors, indices);

    /// <summary>Moves a point downhill as far as it goes.</summary>
    /// <param name="precision">Ends after a step (with <see cref="Exact"/>: three in a row) that lowers the deviance by less, or when the next promises less (a thousandth of it).</param>
    /// <param name="enough">A deviance that is of interest: given up when after three steps <see cref="Hope"/> times the last gain would not reach it.</param>
    /// <returns>The deviance there; infinity when the start cannot be evaluated.</returns>
    public double Descend(ReadOnlySpan<double> series, in EtsLayout layout, Span<double> point, double precision = Exact, double enough = double.PositiveInfinity)
    {
        if (Vector512.IsHardwareAccelerated) return Descend<EightLanes>(series, layout, point, precision, enough);
        return Vector256.IsHardwareAccelerated
            ? Descend<FourLanes>(series, layout, point, precision, enough)
            : Descend<OneLane>(series, layout, point, precision, enough);
    }

    /// <inheritdoc cref="Descend"/>
    public double Descend<T>(ReadOnlySpan<double> series, in EtsLayout layout, Span<double> point, double precision, double enough) where T : struct, IEtsLanes<T>
    {
        var (deviance, squares, _, _) = EtsRecursion.Run(series, layout, point, _now, _errors, _indices);
        var lambda = 1e-3;
        var (small, gain) = (0, 0.0);
        for (var step = 0; step < MostSteps && double.IsFinite(deviance); step++)
        {
            if (squares <= EtsRecursion.PerfectSquare * series.Length) break;
            Linearise<T>(series.Length, layout, point);
            var (before, promise, improved) = (deviance, 0.0, false);
            for (; lambda < 1e12 && !improved; lambda *= improved ? 1 : 8)
            {
                if (!Propose<T>(layout, point, lambda)) continue;
                promise = Promise(layout, series.Length, squares);
                if (promise < (precision > Exact ? precision : Exact / 1000)) break;
                improved = Try(series, layout, ref deviance, ref squares);
            }

            gain = before - deviance;
            var overshot = improved && gain < 0.3 * promise; // half the promise is what a parabola keeps
            if (overshot)
            {
                // The parabola through both ends, with the slope of the first, has its lowest point here.
                var part = Math.Max(0.1, promise / (2 * (promise - gain)));
                _trial.AsSpan(0, layout.Count).CopyTo(_step);
                for (var i = 0; i < layout.Count; i++) _trial[i] = point[i] + part * (_step[i] - point[i]);
                if (!Try(series, layout, ref deviance, ref squares)) _step.AsSpan(0, layout.Count).CopyTo(_trial);
                gain = before - deviance;
            }

            if (improved) _trial.AsSpan(0, layout.Count).CopyTo(point);
            small = gain < precision ? small + 1 : 0;
            if (!improved || small == (precision > Exact ? 1 : 3) || (step >= 2 && deviance - Hope * gain > enough)) break;
            if (!overshot) lambda = Math.Max(lambda / 10, 1e-9);
        }

        return deviance;
    }

    // Evaluates _trial and, when it is lower, makes its errors and all that is kept of it the current ones.
    private bool Try(ReadOnlySpan<double> series, in EtsLayout layout, ref double deviance, ref double squares)
    {
        if (!Allowed(layout, _trial)) return false;
        var trial = EtsRecursion.Run(series, layout, _trial, _next, _otherErrors, _indices);
        if (!(trial.Deviance < deviance)) return false;
        (deviance, squares) = (trial.Deviance, trial.Squares);
        (_now, _next) = (_next, _now);
        (_errors, _otherErrors) = (_otherErrors, _errors);
        return true;
    }

    private void Linearise<T>(int periods, in EtsLayout layout, ReadOnlySpan<double> point) where T : struct, IEtsLanes<T>
    {
        var (count, stride) = (layout.Count, layout.Stride);
        EtsSensitivities.Products<T>(layout, point, periods, _now, _errors, _work, _products, _logs);
        if (layout.Model.Error == EtsError.Multiplicative)
        {
            // r = e G with G the geometric mean of |f|: J = G (D + e w'), w = d log G; G cancels. Last row first: it is used below.
            for (var i = 0; i < count; i++) _logs[i] /= periods;
            var last = _products.AsSpan(count * stride, count + 1);
            for (var i = 0; i < count; i++)
                for (var j = 0; j <= i; j++)
                    _products[i * stride + j] += _logs[i] * last[j] + last[i] * _logs[j] + last[count] * _logs[i] * _logs[j];
            for (var i = 0; i < count; i++) last[i] += last[count] * _logs[i];
        }

        _products.AsSpan(count * stride, count).CopyTo(_gradient);
        for (var i = 0; i < count; i++)
            for (var j = 0; j < i; j++) _products[j * stride + i] = _products[i * stride + j];
    }

    // How much the deviance would fall at most if the errors were linear in the unknowns.
    private double Promise(in EtsLayout layout, int periods, double squares)
    {
        var slope = 0.0;
        for (var i = 0; i < layout.Count; i++) slope -= _gradient[i] * _step[i];
        return 2 * periods * slope / squares;
    }

    // Writes the point that lambda leads to into _trial.
    private bool Propose<T>(in EtsLayout layout, ReadOnlySpan<double> point, double lambda) where T : struct, IEtsLanes<T>
    {
        var count = layout.Count;
        for (var i = 0; i < count; i++)
        {
            var (low, high) = layout.Bounds(i);
            _given[i] = (point[i] <= low && _gradient[i] > 0) || (point[i] >= high && _gradient[i] < 0) ? 0 : double.NaN;
            _trial[i] = -_gradient[i];
        }

        for (var passed = true; passed;)
        {
            if (!EtsProducts.Solve<T>(_products, count, layout.Stride, lambda, _trial, _given, _equations, _step)) return false;
            passed = false;
            for (var i = 0; i < layout.Level; i++)
            {
                if (!double.IsNaN(_given[i])) continue;
                var (low, high) = layout.Bounds(i);
                if (point[i] + _step[i] is var to && (to < low || to > high))
                {
                    _given[i] = (to < low ? low : high) - point[i];
                    passed = true;
                }
            }
        }

        for (var i = 0; i < count; i++)
        {
            var (low, high) = layout.Bounds(i);
            _trial[i] = Math.Clamp(point[i] + _step[i], low, high);
        }

        return true;
    }

    private static bool Allowed(in EtsLayout layout, ReadOnlySpan<double> point)
    {
        if (layout.Model.Season == EtsSeason.None) return true;
        if (layout.Model.Season == EtsSeason.Multiplicative)
        {
            if (layout.FirstIndex(point) < 0) return false;
            foreach (var index in point[layout.Indices..layout.Count]) if (index < 0) return false;
        }

        return layout.Parameters(point).Forecastable(layout.Model, layout.Season);
    }
}
