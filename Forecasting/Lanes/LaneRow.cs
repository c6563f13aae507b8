namespace Shabou.Forecasting;

/// <summary>Brings one history into the shape that kernels expect: complete and of a size whose squares can be added up.</summary>
internal static class LaneRow
{
    private const double Largest = 1e100;

    /// <summary>Interpolates the missing periods (<see cref="MissingValues"/>; an infinite value counts as missing) and, where numbers pass 1e100,
    /// halves all until they do not.</summary>
    /// <returns>The power of two by which the row is too small; 0 for any real demand. <see cref="Restore"/> takes it.</returns>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static int Prepare(ReadOnlySpan<double> history, Span<double> row)
    {
        MissingValues.Interpolate(history, row);
        var largest = LargestOf(row);
        if (largest <= Largest) return 0;
        if (!double.IsFinite(largest))
        {
            for (var t = 0; t < history.Length; t++) row[t] = double.IsFinite(history[t]) ? history[t] : double.NaN;
            using var finite = new Pooled<double>(history.Length);
            row[..history.Length].CopyTo(finite.Span);
            MissingValues.Interpolate(finite.Span, row);
            largest = LargestOf(row);
            if (largest <= Largest) return 0;
        }

        var power = Math.ILogB(largest) - 300; // 2^300 is 2e90
        for (var t = 0; t < row.Length; t++) row[t] = Math.ScaleB(row[t], -power);
        return power;
    }

    /// <summary>The forecast in the history's own size. What passes the largest double becomes the largest double.</summary>
    public static double Restore(double value, int power) =>
        power == 0 ? value : Math.Clamp(Math.ScaleB(value, power), double.MinValue, double.MaxValue);

    private static double LargestOf(ReadOnlySpan<double> row)
    {
        var largest = 0.0;
        foreach (var value in row) largest = Math.Max(largest, Math.Abs(value)); // infinite differences of huge neighbours come out as infinite or NaN
        return largest;
    }
}
