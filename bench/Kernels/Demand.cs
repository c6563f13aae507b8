namespace Shabou.Bench.Kernels;

/// <summary>Made-up demand; the same number gives the same series.</summary>
internal static class Demand
{
    public static double[] Smooth(int seed, int periods)
    {
        var random = new Random(seed);
        var (level, slope) = (200 + random.Next(800), random.NextDouble() - .3);
        return [.. Enumerable.Range(0, periods).Select(t => (level + slope * t) * (1 + .3 * Math.Sin(2 * Math.PI * t / 12)) + level * .1 * (random.NextDouble() + random.NextDouble() - 1))];
    }

    /// <summary>A demand in about every fourth period.</summary>
    public static double[] Seldom(int seed, int periods)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, periods).Select(_ => random.NextDouble() < .25 ? 1.0 + random.Next(5) : 0)];
    }
}
