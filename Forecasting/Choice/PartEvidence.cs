namespace Shabou.Forecasting;

/// <summary>One part as a teacher: its history and what the candidates made of it.</summary>
/// <param name="Draw">Where its random numbers start: from its name and the seed, so from nothing else.</param>
internal sealed record PartEvidence(PartHistory Part, DemandClass Class, double[] History, ulong Draw, RollingForecasts Rolling)
{
    /// <summary>Periods that are looked at, the latest: 2,048. What is older changes no forecast and would cost time.</summary>
    public const int LongestHistory = 2048;

    /// <summary>A part with fewer observed periods leans on its group.</summary>
    public const int FewestObserved = 4;

    public DemandRoute Route => DemandRoutes.Of(Class);

    /// <param name="costly">Whether costly candidates are tried too.</param>
    public static PartEvidence Of(PartHistory part, ForecastSettings settings, bool costly)
    {
        var history = Recent(part.Demand);
        var demandClass = DemandProfile.Of(history).Class;
        var route = DemandRoutes.Of(demandClass);
        var rolling = RollingForecasts.Run(Candidates.For(route), route, history, Math.Max(1, part.Season), settings.Horizon, settings.Origins, costly);
        return new(part, demandClass, history, Draws.Start(part.Id, settings.Seed), rolling);
    }

    /// <summary>The latest periods from the first observed one on; what is infinite counts as missing, what is negative as zero.</summary>
    public static double[] Recent(double[] demand)
    {
        var first = Math.Max(0, demand.Length - LongestHistory);
        while (first < demand.Length && !double.IsFinite(demand[first])) first++;
        var history = demand[first..];
        foreach (ref var value in history.AsSpan()) value = double.IsFinite(value) ? Math.Clamp(value, 0, 1e15) : double.NaN;
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
