using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>Expected demand per period over a stretch of the horizon, from a part's features.</summary>
/// <remarks>
/// First a sum of features with weights of 0 or more, fitted as a quasi-Poisson regression with identity link (McCullagh &amp; Nelder 1989):
/// iterated least squares weighted with 1 / expectation, which keeps large parts from deciding alone. The weights' sum may differ from 1: that is how a market
/// that falls is learned. Then a bend, exp(b0 + b1 z + b2 z^2) with z the logarithm of the part's expectation relative to its
/// group's level, by Poisson regression with log link: high levels are shrunk more than proportionally.
/// Both are lightly ridged (see the constants).
/// </remarks>
internal sealed class LevelRegression
{
    /// <summary>Numbers that a regression is stored as.</summary>
    public const int Numbers = PooledFeatures.Count + Bends;

    private const int Bends = 3;
    private const int Iterations = 4;       // the expectation hardly moves after the third
    private const double Ridge = 1e-3;      // of each weight's own curvature
    private const double BendRidge = 3e-3;  // of the evidence
    private const double FurthestLevel = 4; // |z|: 55 times the group's level or a 55th of it
    private const double Floor = .02;       // expectations below this share of the group's level get no more weight

    private readonly double[] _numbers;

    private LevelRegression(double[] numbers) => _numbers = numbers;

    public ReadOnlySpan<double> Coefficients => _numbers;

    /// <summary>Reads <see cref="Coefficients"/>.</summary>
    public static LevelRegression From(ReadOnlySpan<double> numbers) => new(numbers.ToArray());

    /// <summary>Fits the rows; a target of NaN leaves its row out. Null without any demand.</summary>
    /// <param name="rows">Features of all rows.</param>
    /// <param name="target">Mean demand per period over the stretch, one a row.</param>
    public static LevelRegression? Fit(PooledRows rows, ReadOnlySpan<double> target)
    {
        var fitted = new LevelRegression(new double[Numbers]);
        Array.Fill(fitted._numbers, 1.0 / PooledFeatures.Count, 0, PooledFeatures.Count);
        for (var i = 0; i < Iterations; i++)
            if (!fitted.ImproveWeights(rows, target)) return null;
        for (var i = 0; i < Iterations; i++) fitted.ImproveBend(rows, target);
        return fitted;
    }

    /// <summary>Units per period; finite, 0 or more.</summary>
    public double Expect(ReadOnlySpan<double> features, GroupLevel group)
    {
        var level = Sum(features);
        if (!(level > 0) || !(group.Mean > 0)) return level;
        var z = Position(level, group);
        return level * Math.Exp(Bend(z));
    }

    private double Sum(ReadOnlySpan<double> features)
    {
        var sum = 0.0;
        for (var j = 0; j < features.Length; j++) sum += _numbers[j] * features[j];
        return sum;
    }

    private double Bend(double z)
    {
        var bends = _numbers.AsSpan(PooledFeatures.Count);
        return Math.Clamp(bends[0] + bends[1] * z + bends[2] * z * z, -3, 1);
    }

    private static double Position(double level, GroupLevel group) => Math.Clamp(Math.Log(level / group.Mean), -FurthestLevel, FurthestLevel);

    private bool ImproveWeights(PooledRows rows, ReadOnlySpan<double> target)
    {
        const int n = PooledFeatures.Count;
        Span<double> gram = stackalloc double[n * n], moments = stackalloc double[n];
        gram.Clear();
        moments.Clear();
        for (var row = 0; row < target.Length; row++)
        {
            if (double.IsNaN(target[row])) continue;
            var features = rows.Features(row);
            var weight = 1 / Math.Max(Sum(features), Math.Max(Floor * rows.Group(row).Mean, 1e-12));
            for (var j = 0; j < n; j++)
            {
                var scaled = weight * features[j];
                moments[j] += scaled * target[row];
                Add(scaled, features[..(j + 1)], gram.Slice(j * n, j + 1));
            }
        }

        var demand = 0.0;
        for (var j = 0; j < n; j++)
        {
            demand += moments[j];
            gram[j * n + j] *= 1 + Ridge;
            for (var k = 0; k < j; k++) gram[k * n + j] = gram[j * n + k];
        }

        if (!(demand > 0)) return false;
        NonNegativeLeastSquares.Solve(gram, moments, _numbers.AsSpan(0, n));
        return true;
    }

    private static void Add(double factor, ReadOnlySpan<double> values, Span<double> sums)
    {
        var k = 0;
        for (; k + Vector256<double>.Count <= values.Length; k += Vector256<double>.Count)
            (Vector256.Create(sums[k..]) + factor * Vector256.Create(values[k..])).CopyTo(sums[k..]);
        for (; k < values.Length; k++) sums[k] += factor * values[k];
    }

    // One Newton step of the Poisson likelihood in the three bends.
    private void ImproveBend(PooledRows rows, ReadOnlySpan<double> target)
    {
        Span<double> hessian = stackalloc double[Bends * Bends], gradient = stackalloc double[Bends], powers = stackalloc double[Bends];
        hessian.Clear();
        gradient.Clear();
        for (var row = 0; row < target.Length; row++)
        {
            var group = rows.Group(row);
            var level = Sum(rows.Features(row));
            if (double.IsNaN(target[row]) || !(level > 0) || !(group.Mean > 0)) continue;
            var z = Position(level, group);
            (powers[0], powers[1], powers[2]) = (1, z, z * z);
            var expected = level * Math.Exp(Bend(z));
            for (var j = 0; j < Bends; j++)
            {
                gradient[j] += (target[row] - expected) * powers[j];
                for (var k = 0; k < Bends; k++) hessian[j * Bends + k] += expected * powers[j] * powers[k];
            }
        }

        var bends = _numbers.AsSpan(PooledFeatures.Count);
        var ridge = BendRidge * hessian[0];
        if (!(ridge > 0)) return;
        for (var j = 1; j < Bends; j++)
        {
            hessian[j * Bends + j] += ridge;
            gradient[j] -= ridge * bends[j];
        }

        SymmetricSystem.Solve(hessian, gradient);
        for (var j = 0; j < Bends; j++) bends[j] += Math.Clamp(gradient[j], -1, 1);
    }
}
