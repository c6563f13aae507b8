using MathNet.Numerics.LinearAlgebra.Double;

namespace Shabou.Forecasting;

/// <summary>What promotions, holidays and other known influences do to one part: factors on its demand. They are taken out before the methods see the
/// history, and put back on the horizon.</summary>
/// <remarks>
/// Effects are linear in the logarithm of demand relative to its surroundings (the mean of <see cref="Reach"/> periods to both sides), estimated
/// together by ridge regression (Hoerl &amp; Kennard 1970) towards no effect with the weight of <see cref="Prior"/> periods of a full
/// regressor: an influence seen once or twice moves little. All factors of a period together stay within 1/5 to 5.
/// </remarks>
internal static class RegressorEffects
{
    private const int Reach = 6;
    private const double Prior = 3;
    private const double LargestFactor = 5;

    /// <summary>One factor for each period of the history and the horizon; null without regressors or where nothing can be estimated.</summary>
    public static double[]? Factors(PartHistory part, int horizon)
    {
        var (demand, count) = (part.Demand, part.Regressors.Count);
        if (count == 0) return null;
        var products = DenseMatrix.CreateDiagonal(count, count, Prior);
        var sums = new DenseVector(count);
        var seen = 0;
        for (var t = 0; t < demand.Length; t++)
        {
            if (Ratio(demand, t) is not { } ratio) continue;
            seen++;
            for (var i = 0; i < count; i++)
            {
                var x = Value(part.Regressors[i], t);
                if (x == 0) continue;
                sums[i] += x * ratio;
                for (var j = 0; j < count; j++) products[i, j] += x * Value(part.Regressors[j], t);
            }
        }

        if (seen == 0) return null;
        var effects = products.Cholesky().Solve(sums);
        var factors = new double[demand.Length + horizon];
        for (var t = 0; t < factors.Length; t++)
        {
            var sum = 0.0;
            for (var i = 0; i < count; i++) sum += effects[i] * Value(part.Regressors[i], t);
            factors[t] = double.IsFinite(sum) ? Math.Clamp(Math.Exp(sum), 1 / LargestFactor, LargestFactor) : 1;
        }

        return factors;
    }

    // Half the level is added to both, so that a period without demand has a logarithm.
    private static double? Ratio(double[] demand, int t)
    {
        if (!double.IsFinite(demand[t])) return null;
        var sum = 0.0;
        var count = 0;
        for (var near = Math.Max(0, t - Reach); near <= Math.Min(demand.Length - 1, t + Reach); near++)
        {
            if (near == t || !double.IsFinite(demand[near])) continue;
            sum += Math.Max(0, demand[near]);
            count++;
        }

        if (count == 0 || sum <= 0) return null;
        var level = sum / count;
        return Math.Log((Math.Max(0, demand[t]) + level / 2) / (1.5 * level));
    }

    // Past its end a regressor is zero; what is no number counts as none.
    private static double Value(double[] regressor, int t) => t < regressor.Length && double.IsFinite(regressor[t]) ? Math.Clamp(regressor[t], -1e3, 1e3) : 0;
}
