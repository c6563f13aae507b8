using System.Runtime.Intrinsics;

namespace Shabou.Forecasting;

/// <summary>TSB with the pair of smoothing constants that has the smallest squared one-step errors on the history. Flat; decays while no demand comes.</summary>
/// <remarks>Teunter, Syntetos &amp; Babai 2011; on the choice of constants Kourentzes 2014. Both come from <see cref="Constants"/>; of equal
/// errors the smaller constants win. The start is that of <see cref="TeunterSyntetosBabai"/>.</remarks>
public sealed class OptimisedTeunterSyntetosBabai : IForecastMethod
{
    /// <summary>What is tried for sizes and for the probability; 36 pairs.</summary>
    public static ReadOnlySpan<double> Constants => [.02, .05, .1, .15, .2, .3];

    public string Name => "tsb-optimised";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean)
    {
        Span<double> buffer = history.Length <= 512 ? stackalloc double[history.Length] : new double[history.Length];
        var observed = buffer[..MissingValues.Skip(history, buffer)];
        Span<Vector512<double>> errors = stackalloc Vector512<double>[Constants.Length];
        SquaredErrors(observed, errors);
        var (best, bestSize, bestProbability) = (double.PositiveInfinity, Constants[0], Constants[0]);
        for (var probability = 0; probability < errors.Length; probability++)
            for (var size = 0; size < Constants.Length; size++)
                if (errors[probability][size] < best) (best, bestSize, bestProbability) = (errors[probability][size], Constants[size], Constants[probability]);
        new TeunterSyntetosBabai(bestSize, bestProbability).Forecast(history, season, mean);
    }

    // All pairs in one pass: a vector holds a constant of sizes in each lane (two lanes idle), and there is one vector a constant of probabilities.
    private static void SquaredErrors(ReadOnlySpan<double> observed, Span<Vector512<double>> sums)
    {
        var (size, probability) = TeunterSyntetosBabai.Start(observed);
        Span<double> constants = stackalloc double[Vector512<double>.Count], probabilities = stackalloc double[sums.Length];
        constants.Clear();
        Constants.CopyTo(constants);
        probabilities.Fill(probability);
        sums.Clear();
        var (alphas, sizes) = (Vector512.Create<double>(constants), Vector512.Create(size));
        foreach (var value in observed)
        {
            for (var i = 0; i < sums.Length; i++)
            {
                var error = Vector512.Create(value) - sizes * Vector512.Create(probabilities[i]);
                sums[i] += error * error;
                probabilities[i] += constants[i] * ((value > 0 ? 1 : 0) - probabilities[i]);
            }

            if (value > 0) sizes += alphas * (Vector512.Create(value) - sizes);
        }
    }
}
