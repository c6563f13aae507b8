namespace Shabou.Forecasting;

/// <summary>One part as a teacher: its history and what the candidates made of it.</summary>
/// <param name="Draw">Where its random numbers start: from its name and the seed, so from nothing else.</param>
internal sealed record PartEvidence(PartHistory Part, DemandClass Class, double[] History, ulong Draw, RollingForecasts Rolling)
{
    /// <summary>Periods that are looked at, the latest: 2,048. What is older changes no forecast and would cost time.</summary>
    public const int LongestHistory = 2048;

    /// <summary>A part with fewer observed periods leans on its group.</summary>
    public const int FewestObserved = 4;

    private const double Largest = 1e15;

    public DemandRoute Route => DemandRoutes.Of(Class);

    /// <param name="history">The part's <see cref="Baseline(PartHistory)"/>.</param>
    /// <param name="costly">Whether costly candidates are tried too.</param>
    public static PartEvidence Of(PartHistory part, double[] history, PooledDemandModel? pooled, ForecastSettings settings, bool costly)
    {
        var demandClass = DemandProfile.Of(history).Class;
        var route = DemandRoutes.Of(demandClass);
        var rolling = RollingForecasts.Run(part with { Demand = history }, route, pooled, settings, costly);
        return new(part, demandClass, history, Draws.Start(part.Id, settings.Seed), rolling);
    }

    /// <summary><see cref="Recent"/> demand as it would have been without the known influences.</summary>
    public static double[] Baseline(PartHistory part) => Baseline(part, Influences(part));

    /// <param name="influences">What <see cref="Influences"/> found.</param>
    public static double[] Baseline(PartHistory part, RegressorEffects? influences)
    {
        if (influences is null) return Recent(part.Demand);
        var history = part.Demand.ToArray();
        influences.Remove(history, part.Regressors);
        return Recent(history);
    }

    /// <summary>What the part's regressors did to it; null where there are none that did anything.</summary>
    public static RegressorEffects? Influences(PartHistory part)
    {
        if (part.Regressors.Count == 0) return null;
        var history = part.Demand.ToArray();
        foreach (ref var value in history.AsSpan()) value = double.IsFinite(value) ? Math.Clamp(value, 0, Largest) : double.NaN;
        return RollingForecasts.AnyObserved(history) && RegressorEffects.Estimate(history, Math.Max(1, part.Season), part.Regressors) is { Any: true } effects ? effects : null;
    }

    /// <summary>The latest periods from the first observed one on; what is infinite counts as missing, what is negative as zero.</summary>
    public static double[] Recent(double[] demand)
    {
        var first = Math.Max(0, demand.Length - LongestHistory);
        while (first < demand.Length && !double.IsFinite(demand[first])) first++;
        var history = demand[first..];
        foreach (ref var value in history.AsSpan()) value = double.IsFinite(value) ? Math.Clamp(value, 0, Largest) : double.NaN;
        return history;
    }

    public static int Observed(ReadOnlySpan<double> history)
    {
        var count = 0;
        foreach (var value in history) count += double.IsNaN(value) ? 0 : 1;
        return count;
    }
}

/// <summary>Random numbers that belong to a part, not to a thread: SplitMix64 (Steele, Lea &amp; Flood 2014) started by FNV-1a of its name.</summary>
internal static class Draws
{
    public static ulong Start(string id, int seed)
    {
        var hash = 14695981039346656037UL ^ (uint)seed;
        foreach (var letter in id) hash = (hash ^ letter) * 1099511628211UL;
        return Mix(hash);
    }

    /// <summary>The number that belongs to one origin and step, in [0, 1).</summary>
    public static double Uniform(ulong start, int origin, int step) => (Mix(start + 0x9E3779B97F4A7C15UL * (ulong)(origin * 4096 + step + 1)) >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
