namespace Shabou.Forecasting;

/// <summary>Distributions of protection demand at rolling origins, each made from what came before it: for evaluations and as yardsticks.</summary>
public static class RollingDemand
{
    /// <summary>Periods from whose mean and variance smoothing starts.</summary>
    private const int Start = 12;

    /// <summary>Origins before each that its correction is learned from.</summary>
    private const int CalibrationWindows = 12;

    /// <summary>Discounts that <see cref="Pooled"/> chooses from.</summary>
    private static ReadOnlySpan<double> Discounts => [.8, .85, .9, .95, .98, 1];

    /// <summary>Simple exponential smoothing and smoothed squared errors, both with 0.1: the yardsticks of FORECASTING.md.</summary>
    /// <param name="history">Oldest first; NaN periods are skipped.</param>
    /// <param name="firstOrigin">Periods known at the first origin, 1 or more.</param>
    /// <param name="periods">Length of the protection interval.</param>
    /// <param name="normal">Normal distributions instead of negative binomial ones.</param>
    /// <returns>One per origin; the last origin knows all periods but the last.</returns>
    public static IDemandDistribution[] Smoothed(ReadOnlySpan<double> history, int firstOrigin, int periods, bool normal)
    {
        const double Alpha = 0.1;
        double level = 0, variance = 0;
        var known = 0;
        foreach (var units in history[..Math.Min(Start, history.Length)])
        {
            if (double.IsNaN(units)) continue;
            known++;
            var error = units - level; // Welford
            level += error / known;
            variance += error * (units - level);
        }

        variance /= Math.Max(1, known);
        var all = new IDemandDistribution[Math.Max(0, history.Length - firstOrigin)];
        for (var t = 0; t < history.Length; t++)
        {
            if (t >= firstOrigin)
                all[t - firstOrigin] = normal ? new NormalDemand(level * periods, Math.Sqrt(variance * periods)) : CountDemand.NegativeBinomial(Math.Max(0, level) * periods, variance * periods);
            if (double.IsNaN(history[t])) continue;
            var error = history[t] - level;
            variance += Alpha * (error * error - variance);
            level += Alpha * error;
        }

        return all;
    }

    /// <summary>Negative binomial demand from levels and dispersions learned over all items (<see cref="PooledLevels"/>).</summary>
    /// <param name="histories">Per item, all of one length.</param>
    /// <param name="firstOrigin">Periods known at the first origin.</param>
    /// <param name="periods">Length of the protection interval.</param>
    /// <param name="settings">Memory and trust; <see cref="ChooseSettings"/> finds them in the history.</param>
    /// <returns>Per item, one per origin.</returns>
    public static IDemandDistribution[][] Pooled(IReadOnlyList<double[]> histories, int firstOrigin, int periods, PooledLevelSettings settings)
    {
        var length = histories.Count > 0 ? histories[0].Length : 0;
        var levels = new PooledLevels(histories.Count, settings);
        var all = new IDemandDistribution[histories.Count][];
        for (var i = 0; i < all.Length; i++) all[i] = new IDemandDistribution[Math.Max(0, length - firstOrigin)];
        var (now, exposure) = (new double[histories.Count], new double[histories.Count]);
        Array.Fill(exposure, 1);
        for (var t = 0; t < length; t++)
        {
            for (var i = 0; i < now.Length; i++)
            {
                if (t >= firstOrigin)
                {
                    var mean = levels.Level(i) * periods;
                    all[i][t - firstOrigin] = CountDemand.NegativeBinomial(mean, levels.DispersionOf(i) * mean);
                }

                now[i] = histories[i][t];
            }

            levels.Learn(now, exposure);
        }

        return all;
    }

    /// <summary><see cref="Pooled"/>, its levels corrected at each origin by the windows of the last year that were over by then (<see cref="PooledCalibration"/>).</summary>
    /// <inheritdoc cref="Pooled"/>
    public static IDemandDistribution[][] Calibrated(IReadOnlyList<double[]> histories, int firstOrigin, int periods, PooledLevelSettings settings)
    {
        var start = Math.Max(1, firstOrigin - CalibrationWindows - periods);
        var forecasts = Pooled(histories, start, periods, settings);
        var all = new IDemandDistribution[histories.Count][];
        for (var i = 0; i < all.Length; i++) all[i] = new IDemandDistribution[Math.Max(0, forecasts[i].Length - (firstOrigin - start))];
        for (var origin = firstOrigin; all.Length > 0 && origin < histories[0].Length; origin++)
        {
            var (past, actual) = (new List<IDemandDistribution>(), new List<double>());
            for (var i = 0; i < all.Length; i++)
                for (var s = Math.Max(start, origin - periods - CalibrationWindows + 1); s + periods <= origin; s++)
                {
                    past.Add(forecasts[i][s - start]);
                    var sum = 0.0;
                    foreach (var units in histories[i].AsSpan(s, periods)) sum += units;
                    actual.Add(sum);
                }

            var calibration = PooledCalibration.Of(past, actual);
            for (var i = 0; i < all.Length; i++) all[i][origin - firstOrigin] = calibration.Apply(forecasts[i][origin - start]);
        }

        return all;
    }

    /// <summary>The discounts that would have given the lowest pinball loss, .95 and .99 together, at origins inside the history: first the level's, then the dispersion's.</summary>
    /// <param name="histories">Per item, all of one length; nothing of a later test may be in them.</param>
    /// <param name="origins">Last periods of the history to be scored on, fewer than there are.</param>
    /// <param name="rules">Gives the protection interval.</param>
    public static PooledLevelSettings ChooseSettings(IReadOnlyList<double[]> histories, int origins, EvaluationRules rules)
    {
        var first = histories[0].Length - origins;
        var tests = new double[histories.Count][];
        for (var i = 0; i < tests.Length; i++) tests[i] = histories[i][first..];
        var best = new PooledLevelSettings(.9, .95, 1.5);
        var lowest = double.PositiveInfinity;
        foreach (var discount in Discounts) Try(best with { Discount = discount });
        foreach (var discount in Discounts) Try(best with { SpreadDiscount = discount });
        return best;

        void Try(PooledLevelSettings tried)
        {
            var protection = Pooled(histories, first, rules.ProtectionPeriods, tried);
            // The mean loss at .95 is two to three times that at .99, the weight of 2 makes both count.
            var loss = InventoryEvaluation.Pinball(tests, protection, rules, .95) + 2 * InventoryEvaluation.Pinball(tests, protection, rules, .99);
            if (loss < lowest) (lowest, best) = (loss, tried);
        }
    }
}
