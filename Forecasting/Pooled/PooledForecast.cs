namespace Shabou.Forecasting;

/// <summary>What the pooled model expects of one part. Every number is finite and 0 or more.</summary>
/// <param name="Mean">Expected units per step.</param>
/// <param name="Dispersion">Variance / mean of demand around a known level: 1 for single units that arrive at random, the size of a typical
/// order for orders that do.</param>
/// <param name="LevelVariation">Squared coefficient of variation of the level itself, which no step of the horizon averages out.</param>
public sealed record PooledForecast(double[] Mean, double Dispersion, double LevelVariation)
{
    /// <summary>Demand of one step, 0 being the first period after the history. Steps after the horizon are like its last.</summary>
    public CountDistribution Step(int step) => Around(MeanOf(step));

    /// <summary>Demand summed over the first periods, at least 1.</summary>
    /// <remarks>Periods share the level, so its uncertainty adds up fully; the rest is independent: variance =
    /// <see cref="Dispersion"/> m + <see cref="LevelVariation"/> m^2 for the sum's mean m.</remarks>
    public CountDistribution Sum(int periods)
    {
        var sum = 0.0;
        for (var step = 0; step < periods; step++) sum += MeanOf(step);
        return Around(sum);
    }

    private double MeanOf(int step) => Mean[Math.Min(step, Mean.Length - 1)];

    private CountDistribution Around(double mean) => new(mean, Dispersion * mean + LevelVariation * mean * mean);
}
