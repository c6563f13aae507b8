namespace Shabou.Forecasting;

/// <summary>Sums of several periods: demand that seldom comes looks smoother in longer buckets.</summary>
internal static class TemporalAggregation
{
    /// <summary>Mean interval between demands of a history, rounded half to even, at least 1 and at most its length: how long a bucket must be to hold about
    /// one demand. The first interval counts from the start. Without any demand 1.</summary>
    /// <param name="observed">No NaN, at least one period.</param>
    public static int Level(ReadOnlySpan<double> observed)
    {
        int demands = 0, last = 0;
        for (var t = 0; t < observed.Length; t++)
        {
            if (observed[t] <= 0) continue;
            demands++;
            last = t + 1;
        }

        return demands > 0 ? Math.Max(1, (int)Math.Round((double)last / demands)) : 1;
    }

    /// <summary>Expected demand per period: non-overlapping sums of this many periods, smoothed by SES, divided equally. Buckets end with the history;
    /// periods at its start that fill no bucket are left out.</summary>
    /// <param name="observed">No NaN.</param>
    /// <param name="level">Periods a bucket, 1 to the number of periods.</param>
    public static double Forecast(ReadOnlySpan<double> observed, int level)
    {
        var count = observed.Length / level;
        Span<double> sums = count <= 512 ? stackalloc double[count] : new double[count];
        for (var bucket = 0; bucket < count; bucket++)
        {
            var sum = 0.0;
            foreach (var value in observed.Slice(observed.Length - (count - bucket) * level, level)) sum += value;
            sums[bucket] = sum;
        }

        return ExponentialSmoothing.Fit(sums).Level / level;
    }
}
