namespace Shabou.Forecasting;

/// <summary>Forecasts a part whose history has known influences: without them, and then with those that are known to come.</summary>
/// <remarks>The influences of a step move all its quantiles alike, so that the interval keeps its relative (or, for additive effects, its absolute) width
/// (<see cref="RegressorEffects"/>). The demand of the protection interval moves in proportion with the sum of its steps.</remarks>
internal static class KnownInfluences
{
    private const string Remark = " Promotions or holidays were taken out of the history and put back where they are known to come.";
    private const int LongestReason = 500;

    /// <summary>Like <paramref name="forecast"/> where nothing is known, or no influence is significant.</summary>
    /// <param name="part">With its regressors.</param>
    /// <param name="forecast">Forecasts a part without them.</param>
    public static PartForecast Forecast(PartHistory part, Func<PartHistory, PartForecast> forecast)
    {
        if (part.Regressors.Count == 0 || part.Discontinued) return forecast(part);
        var effects = RegressorEffects.Estimate(part.Demand, Math.Max(1, part.Season), part.Regressors);
        if (!effects.Any) return forecast(part);

        var cleared = part.Demand.AsSpan().ToArray();
        effects.Remove(cleared, part.Regressors);
        for (var t = 0; t < cleared.Length; t++) cleared[t] = Math.Max(0, cleared[t]); // NaN stays NaN
        var usual = forecast(part with { Demand = cleared });
        return PutBack(usual, effects, part);
    }

    private static PartForecast PutBack(PartForecast usual, RegressorEffects effects, PartHistory part)
    {
        var horizon = usual.Mean.Length;
        var mean = Row(usual.Mean);
        var quantiles = new double[usual.Quantiles.Length];
        for (var row = 0; row < quantiles.Length; row += horizon) Row(usual.Quantiles.AsSpan(row, horizon)).CopyTo(quantiles, row);
        var reason = usual.Choice.Reason + Remark;
        return usual with
        {
            Mean = mean, Quantiles = quantiles, Protection = Scaled(usual.Protection, usual.Mean, mean),
            Choice = usual.Choice with { Reason = reason.Length <= LongestReason ? reason : usual.Choice.Reason },
        };

        double[] Row(ReadOnlySpan<double> values)
        {
            var row = values.ToArray();
            effects.PutBack(row, part.Regressors, part.Demand.Length);
            for (var step = 0; step < row.Length; step++) row[step] = Math.Max(0, row[step]);
            return row;
        }
    }

    private static ProtectionDemand Scaled(ProtectionDemand protection, double[] before, double[] after)
    {
        var (sumBefore, sumAfter) = (0.0, 0.0);
        for (var step = 0; step < protection.Periods; step++)
        {
            // Beyond the horizon nothing is known to come: the last step without influences goes on.
            sumBefore += before[Math.Min(step, before.Length - 1)];
            sumAfter += step < after.Length ? after[step] : before[^1];
        }

        if (!(sumBefore > 0)) return protection;
        var ratio = sumAfter / sumBefore;
        var quantiles = new double[protection.Quantiles.Length];
        for (var i = 0; i < quantiles.Length; i++) quantiles[i] = protection.Quantiles[i] * ratio;
        return protection with { Mean = protection.Mean * ratio, StandardDeviation = protection.StandardDeviation * ratio, Quantiles = quantiles };
    }
}
