namespace Shabou.Forecasting;

/// <summary>The two ways in which methods deal with missing periods (NaN).</summary>
public static class MissingValues
{
    /// <summary>Copies the history with gaps filled linearly and the ends filled with the nearest observed value.</summary>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static void Interpolate(ReadOnlySpan<double> history, Span<double> filled)
    {
        var last = -1;
        for (var t = 0; t < history.Length; t++)
        {
            if (double.IsNaN(history[t])) continue;
            filled[t] = history[t];
            for (var gap = last + 1; gap < t; gap++)
                filled[gap] = last < 0 ? history[t] : history[last] + (history[t] - history[last]) * (gap - last) / (t - last);
            last = t;
        }

        if (last < 0) throw NothingObserved();
        filled[(last + 1)..history.Length].Fill(history[last]);
    }

    /// <summary>Copies the observed periods only, closing the gaps.</summary>
    /// <returns>How many there are, at least one.</returns>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static int Skip(ReadOnlySpan<double> history, Span<double> observed)
    {
        var count = 0;
        foreach (var value in history)
            if (!double.IsNaN(value)) observed[count++] = value;
        return count > 0 ? count : throw NothingObserved();
    }

    private static ArgumentException NothingObserved() =>
        new("The history holds no observed period; a forecast needs at least one.", "history");
}
