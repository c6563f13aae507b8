using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>Assortments of made-up parts.</summary>
internal static class PooledParts
{
    /// <summary>Parts with demand of single units at random around a level of their own.</summary>
    /// <param name="count">How many.</param>
    /// <param name="level">Mean level, units a period; the parts' levels lie between 0.5 and 1.5 of it.</param>
    /// <param name="drift">Standard deviation of the level's steps, as a share of it.</param>
    /// <param name="periods">Length of the histories.</param>
    public static PartHistory[] Random(int count, double level = 1, double drift = 0, int periods = 48)
    {
        var random = new Random(20261121);
        var parts = new PartHistory[count];
        for (var i = 0; i < count; i++)
        {
            var own = level * (.5 + random.NextDouble());
            var demand = new double[periods];
            for (var t = 0; t < periods; t++)
            {
                demand[t] = Poisson(random, own);
                own *= Math.Exp(drift * (random.NextDouble() - .5) * Math.Sqrt(12));
                own = Math.Clamp(own, level / 20, level * 20);
            }

            parts[i] = new($"P{i:D4}", 12, demand);
        }

        return parts;
    }

    // Multiplies uniforms until they fall below e^-mean (Knuth 1969).
    private static double Poisson(Random random, double mean)
    {
        var limit = Math.Exp(-mean);
        var product = random.NextDouble();
        var count = 0;
        for (; product > limit; count++) product *= random.NextDouble();
        return count;
    }
}
