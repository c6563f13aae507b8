using Shabou.Forecasting;

namespace Shabou.ForecastService.Forecasts;

/// <summary>The last resort for a part whose own forecast failed: the average of what was observed, zero when nothing was.</summary>
internal static class AverageForecast
{
    public const string Method = "average";

    // Beyond any stock; small enough that squares and sums stay finite.
    private const double Largest = 1e100;

    /// <param name="fault">What failed; part of the reason.</param>
    public static PartForecast Of(PartHistory part, int horizon, string fault)
    {
        var observed = part.Discontinued ? [] : part.Demand.Where(value => value >= 0).Select(value => Math.Min(value, Largest)).Order().ToArray();
        var average = observed.Length == 0 ? 0 : observed.Average();
        var variance = observed.Length == 0 ? 0 : observed.Average(value => (value - average) * (value - average));
        var mean = new double[horizon];
        Array.Fill(mean, average);
        var quantiles = new double[horizon * QuantileForecast.Levels.Length];
        for (var level = 0; level < QuantileForecast.Levels.Length; level++)
            Array.Fill(quantiles, Quantile(observed, QuantileForecast.Levels[level]), level * horizon, horizon);

        var reason = $"A plain average of the history, because its own forecast failed: {fault}";
        return new PartForecast(part.Id, DemandProfile.Of(part.Demand), mean, quantiles, Protection(part.ProtectionPeriods, average, variance),
            new ForecastChoice(Method, reason, [new CandidateScore(Method, 1, double.NaN, double.NaN, double.NaN)]) { Fallback = Fallback.MethodsFailed });
    }

    // The smallest observed value that the share of the observed ones does not exceed.
    private static double Quantile(double[] ordered, double level) =>
        ordered.Length == 0 ? 0 : ordered[Math.Clamp((int)Math.Ceiling(level * ordered.Length) - 1, 0, ordered.Length - 1)];

    private static ProtectionDemand Protection(int periods, double average, double variance)
    {
        var (mean, deviation) = (average * periods, Math.Sqrt(variance * periods));
        var quantiles = new double[ProtectionDemand.Levels.Length];
        for (var i = 0; i < quantiles.Length; i++) quantiles[i] = Math.Max(0, mean + NormalDistribution.Quantile(ProtectionDemand.Levels[i]) * deviation);
        return new ProtectionDemand(periods, mean, deviation, quantiles);
    }
}
