namespace Shabou.Forecasting;

/// <summary>Where inside a history the candidates are tried: each origin forecasts the periods after it from those before it.</summary>
/// <remarks>Tashman 2000. All origins together span about one horizon before the last one, so the scores speak of the recent past. Nothing
/// behind the history given is ever read: a test part that is not in it cannot leak.</remarks>
public static class RollingOrigins
{
    private const int FewestPeriods = 3;

    /// <summary>Steps that are scored at each origin: the horizon, at most half of the history.</summary>
    /// <returns>0 when the history is too short to hold anything back.</returns>
    public static int Steps(int length, int horizon) => length < FewestPeriods + 1 ? 0 : Math.Clamp(length / 2, 1, horizon);

    /// <summary>The origins, latest first; each is the number of periods that may be learned from.</summary>
    /// <param name="length">Periods of the history.</param>
    /// <param name="season">Periods of the cycle: an origin keeps two cycles, or half of a short history.</param>
    /// <param name="horizon">Steps that will be forecast.</param>
    /// <param name="count">Origins wanted; a short history has fewer.</param>
    public static int[] Of(int length, int season, int horizon, int count)
    {
        var steps = Steps(length, horizon);
        if (steps == 0 || count < 1) return [];
        var fewest = Math.Max(FewestPeriods, Math.Min(2 * season, length / 2));
        var stride = Math.Max(1, (steps + count - 1) / count);
        var latest = length - steps;
        var possible = latest < fewest ? 1 : 1 + Math.Min(count - 1, (latest - fewest) / stride);
        var origins = new int[latest >= FewestPeriods ? possible : 0];
        for (var i = 0; i < origins.Length; i++) origins[i] = latest - i * stride;
        return origins;
    }
}
