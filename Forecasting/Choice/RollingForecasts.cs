namespace Shabou.Forecasting;

/// <summary>What every candidate forecast at every rolling origin of one history.</summary>
internal sealed class RollingForecasts
{
    private readonly double[][] _forecasts;

    private RollingForecasts(int steps, int[] origins, double[][] forecasts, double[] spreads, int failures, bool[] skipped) =>
        (Steps, Origins, _forecasts, Spreads, Failures, Skipped) = (steps, origins, forecasts, spreads, failures, skipped);

    public int Steps { get; }

    /// <summary>Latest first; only those with something observed before and after them.</summary>
    public int[] Origins { get; }

    /// <summary>How far demand strayed before each origin: <see cref="ErrorSpread"/>.</summary>
    public double[] Spreads { get; }

    /// <summary>Forecasts of single methods that had to be replaced.</summary>
    public int Failures { get; }

    /// <summary>Candidates that were not tried because they are costly; empty when all were.</summary>
    public bool[] Skipped { get; }

    /// <summary>Candidate by candidate, each with all steps.</summary>
    public ReadOnlySpan<double> At(int origin) => _forecasts[origin];

    public static RollingForecasts Run(Candidates candidates, DemandRoute route, ReadOnlySpan<double> history, int season, int horizon, int count, bool costly)
    {
        var steps = RollingOrigins.Steps(history.Length, horizon);
        var origins = new List<int>();
        var forecasts = new List<double[]>();
        var spreads = new List<double>();
        var failures = 0;
        Span<bool> failed = stackalloc bool[candidates.Methods.Length];
        foreach (var origin in RollingOrigins.Of(history.Length, season, horizon, count))
        {
            var before = history[..origin];
            if (!AnyObserved(before) || !AnyObserved(history.Slice(origin, steps))) continue;
            var at = new double[candidates.Methods.Length * steps];
            candidates.Forecast(before, season, steps, at, failed, costly);
            for (var m = 0; m < failed.Length; m++) failures += failed[m] && (costly || !candidates.Costly[m]) ? 1 : 0;
            origins.Add(origin);
            forecasts.Add(at);
            spreads.Add(ErrorSpread.Of(route, before, season));
        }

        return new(steps, [.. origins], [.. forecasts], [.. spreads], failures, costly ? [] : candidates.Costly);
    }

    public static bool AnyObserved(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            if (!double.IsNaN(value)) return true;
        return false;
    }
}
