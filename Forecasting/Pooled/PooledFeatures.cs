namespace Shabou.Forecasting;

/// <summary>What the linear model sees of one history: estimates of its level, each in units per period, so that demand counted in other
/// units needs no other weights.</summary>
internal static class PooledFeatures
{
    /// <summary>Fewer observed periods than this are no history: the gamma-Poisson speaks.</summary>
    public const int FewestPeriods = 6;

    /// <summary>How many features there are.</summary>
    public const int Count = 18;

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
    /// <remarks>In this order: discounted means (six discounts); size x frequency over the window, its half, its quarter and all time, which one
    /// great order does not raise as it raises a mean; the group's level; size x the group's frequency; the mean of the window, and
    /// those of the three and the next nine periods that followed a window ago (the season); (mean of square roots)^2 over twice the window, the window and its half, which
    /// is the lower the more seldom demand comes. Where a window holds no observed period the mean of all time stands in.</remarks>
    public static void Write(ReadOnlySpan<double> history, int window, GroupLevel group, Span<double> features)
    {
        DiscountedMeans(history, features);
        var all = Stretch.Of(history, 0, history.Length);
        var size = (all.Demand + SizeShrinkage * group.Size) / (all.Demands + SizeShrinkage);
        Span<int> windows = [2 * window, window, window / 2, window / 4];
        for (var k = 0; k < windows.Length; k++)
        {
            var recent = Stretch.Of(history, Math.Max(0, history.Length - windows[k]), history.Length);
            if (recent.Periods == 0) recent = all;
            if (k > 0) features[5 + k] = size * recent.Demands / recent.Periods;
            if (k < 3) features[15 + k] = recent.Roots / recent.Periods * (recent.Roots / recent.Periods);
            if (k == 1) features[12] = recent.Demand / recent.Periods;
        }

        features[9] = size * all.Demands / all.Periods;
        features[10] = group.Mean;
        features[11] = size * group.Frequency;
        features[13] = LastYear(history, window, 0, 3, features[12]);
        features[14] = LastYear(history, window, 3, 12, features[12]);
    }

    private static double LastYear(ReadOnlySpan<double> history, int window, int from, int to, double otherwise)
    {
        var year = history.Length - window;
        return year >= 0 && Stretch.Of(history, year + from, year + to) is { Periods: > 0 } then ? then.Demand / then.Periods : otherwise;
    }

    private static void DiscountedMeans(ReadOnlySpan<double> history, Span<double> means)
    {
        Span<double> weight = stackalloc double[Discounts.Length], time = stackalloc double[Discounts.Length];
        weight.Fill(1);
        time.Clear();
        means[..weight.Length].Clear();
        for (var t = history.Length - 1; t >= 0; t--)
        {
            var value = Math.Max(0, history[t]);
            for (var k = 0; k < weight.Length; k++)
            {
                if (!double.IsNaN(value))
                {
                    means[k] += weight[k] * value;
                    time[k] += weight[k];
                }

                weight[k] *= Discounts[k];
            }
        }

        for (var k = 0; k < weight.Length; k++) means[k] = time[k] > 1e-9 ? means[k] / time[k] : means[weight.Length - 1] / time[^1];
    }

    /// <summary>Sums over the observed periods of a stretch of history.</summary>
    private readonly record struct Stretch(int Periods, int Demands, double Demand, double Roots)
    {
        public static Stretch Of(ReadOnlySpan<double> history, int from, int to)
        {
            int periods = 0, demands = 0;
            double demand = 0, roots = 0;
            for (var t = from; t < to; t++)
            {
                if (double.IsNaN(history[t])) continue;
                periods++;
                if (history[t] <= 0) continue;
                demands++;
                demand += history[t];
                roots += Math.Sqrt(history[t]);
            }

            return new(periods, demands, demand, roots);
        }
    }
}
