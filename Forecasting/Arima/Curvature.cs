using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>Tells a minimum from a ridge: on a ridge some coefficient cannot be estimated.</summary>
internal static class Curvature
{
    private const double Step = 1e-3;

    /// <summary>Whether the function is curved upwards in every direction: its Hessian by differences of 0.001 is positive definite.</summary>
    public static bool IsMinimum(FourPoints function, ReadOnlySpan<double> point)
    {
        var n = point.Length;
        Span<Vector256<double>> lanes = stackalloc Vector256<double>[n];
        Span<double> hessian = stackalloc double[n * n];
        for (var i = 0; i < n; i++) lanes[i] = Vector256.Create(point[i]);
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
}
