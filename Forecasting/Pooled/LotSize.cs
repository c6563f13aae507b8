namespace Shabou.Forecasting;

/// <summary>How many units come together: variance / mean of a part's demand, never below 1.</summary>
internal static class LotSize
{
    /// <summary>Periods of the group's evidence that are mixed into a part's own.</summary>
    private const double Shrinkage = 12;

    /// <summary>The part's own periods and the sum of squares / mean over them; no demand gives (0, 0).</summary>
    public static (int Periods, double Excess) Of(ReadOnlySpan<double> history)
    {
        var periods = 0;
        double mean = 0, squares = 0;
        foreach (var value in history)
        {
            if (double.IsNaN(value)) continue;
            periods++;
            var difference = value - mean;
            mean += difference / periods;
            squares += difference * (value - mean);
        }

        return mean > 0 ? (periods, squares / mean) : (0, 0);
    }

    /// <summary>Mean over the parts that have demand, each with the same voice: one part of huge lots must not speak for all.</summary>
    public static double Pooled(ReadOnlySpan<(int Periods, double Excess)> parts)
    {
        double sum = 0;
        var count = 0;
        foreach (var (periods, excess) in parts)
        {
            if (periods < 2) continue;
            sum += Math.Max(1, excess / (periods - 1));
            count++;
        }

        return count > 0 ? sum / count : 1;
    }

    /// <summary>Own evidence, shrunk towards the group's.</summary>
    public static double Shrunk((int Periods, double Excess) own, double pooled) =>
        Math.Max(1, (own.Excess + Shrinkage * pooled) / (own.Periods + Shrinkage));
}
