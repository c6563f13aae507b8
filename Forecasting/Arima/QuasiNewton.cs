using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>A function of several variables, evaluated at four points at once: element i holds the four values of variable i.</summary>
internal delegate Vector256<double> FourPoints(ReadOnlySpan<Vector256<double>> point);

/// <summary>Minimises a smooth function by the variable-metric method (BFGS) of Nash 1990, Compact Numerical Methods for Computers, algorithm 21,
/// with central differences of 0.001: what R's optim does, so that both stop in the same minimum.</summary>
internal static class QuasiNewton
{
    private const double Step = 1e-3, Shrink = 0.2, Acceptable = 1e-4, Tolerance = 1e-8, SameAs = 10;
    private const int Iterations = 100;

    /// <summary>Where a search ended.</summary>
    /// <param name="Value">The least value found; NaN when the function has none at the start or no slope somewhere on the way.</param>
    /// <param name="Converged">False when the allowed 100 gradients were used up.</param>
    public readonly record struct Outcome(double Value, bool Converged);

    /// <summary>Moves <paramref name="point"/> to the minimum.</summary>
    public static Outcome Minimise(FourPoints function, Span<double> point)
    {
        var n = point.Length;
        Span<Vector256<double>> lanes = stackalloc Vector256<double>[n];
        Spread(point, lanes);
        var best = function(lanes)[0];
        if (!double.IsFinite(best)) return new(double.NaN, false);
        if (n == 0) return new(best, true);

        Span<double> gradient = stackalloc double[n], old = stackalloc double[n], origin = stackalloc double[n], direction = stackalloc double[n];
        Span<double> inverse = stackalloc double[n * n]; // of the Hessian, approximately
        if (!Gradient(function, point, lanes, gradient)) return new(double.NaN, false);
        int gradients = 1, reset = 1, still;
        do
        {
            if (reset == gradients) Identity(inverse, n);
            point.CopyTo(origin);
            gradient.CopyTo(old);
            still = 0;
            var slope = Descend(inverse, gradient, direction);
            if (slope < 0)
            {
                var (length, value) = Search(function, origin, direction, slope, best, lanes, point);
                still = length == 0 ? n : 0;
                if (length != 0 && Math.Abs(value - best) <= Tolerance * (Math.Abs(best) + Tolerance)) still = n;
                if (length != 0) best = value;
                if (still < n)
                {
                    if (!Gradient(function, point, lanes, gradient)) return new(double.NaN, false);
                    gradients++;
                    for (var i = 0; i < n; i++) (direction[i], old[i]) = (direction[i] * length, gradient[i] - old[i]);
                    if (!Update(inverse, direction, old, origin)) reset = gradients;
                }
                else if (reset < gradients)
                {
                    (still, reset) = (0, gradients);
                }
            }
            else if (reset == gradients)
            {
                still = n;
            }
            else
            {
                reset = gradients;
            }

            if (gradients >= Iterations) return new(best, false);
            if (gradients - reset > 2 * n) reset = gradients;
        }
        while (still != n || reset != gradients);
        return new(best, true);
    }

    /// <summary>Whether the function is curved upwards in every direction: its Hessian by differences of 0.001 is positive definite.</summary>
    public static bool IsMinimum(FourPoints function, ReadOnlySpan<double> point)
    {
        var n = point.Length;
        Span<Vector256<double>> lanes = stackalloc Vector256<double>[n];
        Span<double> hessian = stackalloc double[n * n];
        Spread(point, lanes);
        var middle = function(lanes)[0];
        for (var i = 0; i < n; i++)
        {
            lanes[i] = Vector256.Create(point[i] + 2 * Step, point[i] - 2 * Step, point[i], point[i]);
            var pair = function(lanes);
            hessian[i * n + i] = (pair[0] - 2 * middle + pair[1]) / (4 * Step * Step);
            for (var j = 0; j < i; j++)
            {
                lanes[i] = Vector256.Create(point[i]) + Vector256.Create(Step, Step, -Step, -Step);
                lanes[j] = Vector256.Create(point[j]) + Vector256.Create(Step, -Step, Step, -Step);
                var four = function(lanes);
                hessian[i * n + j] = (four[0] - four[1] - four[2] + four[3]) / (4 * Step * Step);
                lanes[j] = Vector256.Create(point[j]);
            }

            lanes[i] = Vector256.Create(point[i]);
        }

        return IsPositiveDefinite(hessian, n);
    }

    private static bool IsPositiveDefinite(Span<double> lower, int n) // Cholesky in place
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = lower[i * n + j];
                for (var k = 0; k < j; k++) sum -= lower[i * n + k] * lower[j * n + k];
                if (i == j && !(sum > 0)) return false;
                lower[i * n + j] = i == j ? Math.Sqrt(sum) : sum / lower[j * n + j];
            }
        }

        return true;
    }

    private static void Spread(ReadOnlySpan<double> point, Span<Vector256<double>> lanes)
    {
        for (var i = 0; i < point.Length; i++) lanes[i] = Vector256.Create(point[i]);
    }

    // Two variables a call: up and down each.
    private static bool Gradient(FourPoints function, ReadOnlySpan<double> point, Span<Vector256<double>> lanes, Span<double> gradient)
    {
        Spread(point, lanes);
        var finite = true;
        for (var i = 0; i < point.Length; i += 2)
        {
            lanes[i] += Vector256.Create(Step, -Step, 0, 0);
            if (i + 1 < point.Length) lanes[i + 1] += Vector256.Create(0, 0, Step, -Step);
            var values = function(lanes);
            gradient[i] = (values[0] - values[1]) / (2 * Step);
            finite &= double.IsFinite(gradient[i]);
            lanes[i] = Vector256.Create(point[i]);
            if (i + 1 == point.Length) break;
            gradient[i + 1] = (values[2] - values[3]) / (2 * Step);
            finite &= double.IsFinite(gradient[i + 1]);
            lanes[i + 1] = Vector256.Create(point[i + 1]);
        }

        return finite;
    }

    private static void Identity(Span<double> matrix, int n)
    {
        matrix.Clear();
        for (var i = 0; i < n; i++) matrix[i * n + i] = 1;
    }

    private static double Descend(ReadOnlySpan<double> inverse, ReadOnlySpan<double> gradient, Span<double> direction)
    {
        var (n, slope) = (gradient.Length, 0.0);
        for (var i = 0; i < n; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < n; j++) sum -= inverse[i * n + j] * gradient[j];
            direction[i] = sum;
            slope += sum * gradient[i];
        }

        return slope;
    }

    // Four step lengths a call: 1, 0.2, 0.04, 0.008 and so on; the first that is good enough is taken.
    private static (double Length, double Value) Search(FourPoints function, ReadOnlySpan<double> origin, ReadOnlySpan<double> direction,
        double slope, double best, Span<Vector256<double>> lanes, Span<double> point)
    {
        for (var longest = 1.0; ; longest *= Shrink * Shrink * Shrink * Shrink)
        {
            var lengths = Vector256.Create(longest, longest * Shrink, longest * Shrink * Shrink, longest * Shrink * Shrink * Shrink);
            for (var i = 0; i < point.Length; i++) lanes[i] = Vector256.Create(origin[i]) + lengths * direction[i];
            var values = function(lanes);
            for (var lane = 0; lane < 4; lane++)
            {
                var moved = false;
                for (var i = 0; i < point.Length; i++)
                {
                    point[i] = lanes[i][lane];
                    moved |= SameAs + origin[i] != SameAs + point[i];
                }

                if (!moved) return (0, best);
                if (double.IsFinite(values[lane]) && values[lane] <= best + slope * lengths[lane] * Acceptable) return (lengths[lane], values[lane]);
            }
        }
    }

    private static bool Update(Span<double> inverse, ReadOnlySpan<double> step, ReadOnlySpan<double> change, Span<double> product)
    {
        var n = step.Length;
        var curvature = 0.0;
        for (var i = 0; i < n; i++) curvature += step[i] * change[i];
        if (!(curvature > 0)) return false;
        var ratio = 0.0;
        for (var i = 0; i < n; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < n; j++) sum += inverse[i * n + j] * change[j];
            product[i] = sum;
            ratio += sum * change[i];
        }

        ratio = 1 + ratio / curvature;
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                inverse[i * n + j] += (ratio * step[i] * step[j] - step[i] * product[j] - product[i] * step[j]) / curvature;
        return true;
    }
}
