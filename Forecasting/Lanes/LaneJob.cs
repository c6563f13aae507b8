namespace Shabou.Forecasting;

/// <summary>What a batch is asked for and where its results go.</summary>
/// <param name="Means">At least histories times horizon numbers; step s of history i goes to i * horizon + s.</param>
/// <param name="Deviations">The same, or empty when no standard deviations are wanted.</param>
internal sealed record LaneJob(IReadOnlyList<ReadOnlyMemory<double>> Histories, int Season, int Horizon, double[] Means, double[] Deviations)
{
    /// <summary>Refuses what cannot be forecast before anything is computed.</summary>
    /// <exception cref="ArgumentException">A history holds no observed period, or there is not enough room for the results.</exception>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Horizon);
        var needed = (long)Histories.Count * Horizon;
        if (Means.Length < needed || (Deviations.Length > 0 && Deviations.Length < needed))
            throw new ArgumentException($"{Histories.Count} histories times {Horizon} steps need room for {needed} numbers.", nameof(Means));
        for (var i = 0; i < Histories.Count; i++)
            if (!AnyObserved(Histories[i].Span))
                throw new ArgumentException($"History {i} holds no observed period; a forecast needs at least one.", nameof(Histories));
    }

    private static bool AnyObserved(ReadOnlySpan<double> history)
    {
        foreach (var value in history)
            if (double.IsFinite(value)) return true;
        return false;
    }
}
