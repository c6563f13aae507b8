namespace Shabou.Forecasting;

/// <summary>What the linear model sees of one history: estimates of its level, each in units per period, so that demand counted in other
/// units needs no other weights.</summary>
internal static class PooledFeatures
{
    /// <summary>Fewer observed periods than this are no history: the gamma-Poisson speaks.</summary>
    public const int FewestPeriods = 6;

    /// <summary>How many features there are.</summary>
    public const int Count = 15;

    // Two demands of the group's typical size are mixed into the part's own sizes.
    private const double SizeShrinkage = 2;

    private static ReadOnlySpan<double> Discounts => [.5, .75, .87, .94, .98, 1];

    /// <summary>Periods of a year, as far as that is a sensible window: 12 to 52.</summary>
    public static int Window(int season) => Math.Clamp(season, 12, 52);

    /// <summary>Whether a history holds <see cref="FewestPeriods"/> observed periods.</summary>
    public static bool Enough(ReadOnlySpan<double> history)
    {
        var observed = 0;
        foreach (var value in history)
            if (!double.IsNaN(value) && ++observed == FewestPeriods) return true;
        return false;
    }

    /// <summary>Writes the features.</summary>
    /// <param name="history">Up to the origin; at least one observed period. A negative value counts as zero.</param>
    /// <param name="window">See <see cref="Window"/>.</param>
    /// <param name="group">The part's group at the origin.</param>
    /// <param name="features">Receives <see cref="Count"/> values, 0 or more.</param>
    /// <remarks>Discounted means (six discounts), size x frequency over the window, its half, its quarter and all time (two numbers that
    /// one great order does not raise together), the group's level, size x the group's frequency, and the window's mean.
    /// Where a window holds no observed period the mean of all time stands in.</remarks>
    public static void Write(ReadOnlySpan<double> history, int window, GroupLevel group, Span<double> features)
    {
        Span<double> weight = stackalloc double[Discounts.Length], sum = stackalloc double[Discounts.Length], time = stackalloc double[Discounts.Length];
        Span<int> demands = stackalloc int[3], periods = stackalloc int[3];
        Span<int> windows = [window, window / 2, window / 4];
        weight.Fill(1);
        sum.Clear();
        time.Clear();
        demands.Clear();
        periods.Clear();
        int observed = 0, allDemands = 0;
        double total = 0, recent = 0;
        for (var age = 0; age < history.Length; age++)
        {
            var value = Math.Max(0, history[^(age + 1)]);
            if (!double.IsNaN(value))
            {
                for (var k = 0; k < weight.Length; k++)
                {
                    sum[k] += weight[k] * value;
                    time[k] += weight[k];
                }

                observed++;
                total += value;
                if (value > 0) allDemands++;
                if (age < window) recent += value;
                for (var k = 0; k < windows.Length && age < windows[k]; k++)
                {
                    periods[k]++;
                    if (value > 0) demands[k]++;
                }
            }

            for (var k = 0; k < weight.Length; k++) weight[k] *= Discounts[k];
        }

        var mean = total / observed;
        var size = (total + SizeShrinkage * group.Size) / (allDemands + SizeShrinkage);
        for (var k = 0; k < weight.Length; k++) features[k] = time[k] > 1e-9 ? sum[k] / time[k] : mean;
        for (var k = 0; k < windows.Length; k++) features[6 + k] = periods[k] > 0 ? size * demands[k] / periods[k] : mean;
        features[9] = size * allDemands / observed;
        features[10] = group.Mean;
        features[11] = size * group.Frequency;
        features[12] = periods[0] > 0 ? recent / periods[0] : mean;
        features[13] = Season(history, window, 0, 3, features[12]);
        features[14] = Season(history, window, 3, 12, features[12]);
    }

    private static double Season(ReadOnlySpan<double> history, int window, int from, int to, double otherwise)
    {
        var start = history.Length - window;
        if (start < 0) return otherwise;
        var sum = 0.0;
        var observed = 0;
        for (var t = start + from; t < Math.Min(start + to, history.Length); t++)
        {
            if (double.IsNaN(history[t])) continue;
            sum += Math.Max(0, history[t]);
            observed++;
        }

        return observed > 0 ? sum / observed : otherwise;
    }
}
