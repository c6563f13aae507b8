using Shabou.Forecasting;

namespace Shabou.ForecastService.Replenishment;

/// <summary>Demand over lead time and review as it is ordered for: the trained distribution, moved to the plan of today, the planner's quantities
/// and the warehouse's share. Its mean is the forecast's own, which a curve through some quantiles only comes near.</summary>
internal sealed class PlannedDemand : IDemandDistribution
{
    private readonly QuantileCurve _curve;

    private PlannedDemand(double mean, double[] quantiles) => (Mean, _curve) = (mean, new QuantileCurve(ProtectionDemand.Levels, quantiles));

    public double Mean { get; }

    public double Variance => _curve.Variance;

    public double Cdf(double units) => _curve.Cdf(units);

    public double Quantile(double level) => _curve.Quantile(level);

    public double Shortage(double stock) => _curve.Shortage(stock);

    public IDemandDistribution Sum(double intervals) => _curve.Sum(intervals);

    /// <summary>The demand of this many periods from the first step on, in a warehouse with this share of it.</summary>
    /// <remarks>
    /// Until the next training a plan of other lengths and a planner's quantities move the distribution by its first two moments: the mean is the sum
    /// of the steps, a planner's quantity in the place of the statistical one and the last step going on beyond the horizon; the standard deviation
    /// grows with the square root of the number of periods and in proportion with what planners change. A share w thins demand unit by unit:
    /// mean w m, variance w2 s2 + w (1 - w) m. The shape stays. Where the model expected nothing and the planner something, demand is Poisson.
    /// </remarks>
    public static PlannedDemand Of(PartToOrder part, int periods, double share)
    {
        var protection = part.Protection;
        if (part.IsDiscontinued) return new PlannedDemand(0, new double[ProtectionDemand.Levels.Length]);
        var (statistical, planned) = Sums(part, periods);
        if (periods == protection.Periods) (statistical, planned) = (protection.Mean, Math.Max(0, protection.Mean + planned - statistical));
        if (statistical == planned && periods == protection.Periods && share == 1) return new PlannedDemand(protection.Mean, protection.Quantiles);

        var deviation = protection.StandardDeviation * Math.Sqrt((double)periods / protection.Periods) * (statistical > 0 ? planned / statistical : 1);
        var mean = share * planned;
        deviation = Math.Sqrt(share * share * deviation * deviation + share * (1 - share) * planned);
        return new PlannedDemand(mean, Moved(protection, mean, deviation));
    }

    private static double[] Moved(ProtectionDemand from, double mean, double deviation)
    {
        var quantiles = new double[ProtectionDemand.Levels.Length];
        if (mean <= 0) return quantiles;
        if (from.StandardDeviation <= 0 || from.Mean <= 0) NegativeBinomial.Quantiles(mean, Math.Max(mean, deviation * deviation), ProtectionDemand.Levels, quantiles);
        else
            for (var i = 0; i < quantiles.Length; i++)
                quantiles[i] = Math.Max(0, mean + (from.Quantiles[i] - from.Mean) * deviation / from.StandardDeviation);
        return quantiles;
    }

    private static (double Statistical, double Planned) Sums(PartToOrder part, int periods)
    {
        var (statistical, planned) = (0.0, 0.0);
        for (var step = 0; step < periods; step++)
        {
            var mean = part.Mean[Math.Min(step, part.Mean.Length - 1)];
            statistical += mean;
            planned += part.Overrides.GetValueOrDefault(part.FirstPeriod + step, mean);
        }

        return (statistical, planned);
    }
}
