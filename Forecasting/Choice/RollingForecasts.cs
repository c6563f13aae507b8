namespace Shabou.Forecasting;

/// <summary>What every candidate forecast at every rolling origin of one history.</summary>
internal sealed class RollingForecasts
{
    private readonly double[][] _forecasts;

    private RollingForecasts(int steps, int[] origins, double[][] forecasts, ErrorSpread[] spreads, int failures, bool[] skipped) =>
        (Steps, Origins, _forecasts, Spreads, Failures, Skipped) = (steps, origins, forecasts, spreads, failures, skipped);

    public int Steps { get; }

    /// <summary>Latest first; only those with something observed before and after them.</summary>
    public int[] Origins { get; }

    /// <summary>How far demand strayed before each origin.</summary>
    public ErrorSpread[] Spreads { get; }

    /// <summary>Forecasts of single methods that had to be replaced.</summary>
    public int Failures { get; }

    /// <summary>Candidates that were not tried because they are costly; empty when all were.</summary>
    public bool[] Skipped { get; }

    /// <summary>Candidate by candidate, each with all steps.</summary>
    public ReadOnlySpan<double> At(int origin) => _forecasts[origin];

    /// <summary>Runs them.</summary>
    /// <param name="part">Its history as <see cref="PartEvidence.Recent"/> gives it.</param>
    /// <param name="pooled">Learned from what lies before the latest origin, or null.</param>
    /// <param name="costly">Whether costly candidates are tried too.</param>
    public static RollingForecasts Run(PartHistory part, DemandRoute route, PooledDemandModel? pooled, ForecastSettings settings, bool costly)
    {
        var (history, season, candidates) = (part.Demand, Math.Max(1, part.Season), Candidates.For(route));
        var steps = RollingOrigins.Steps(history.Length, settings.Horizon);
        var origins = new List<int>();
        var forecasts = new List<double[]>();
        var spreads = new List<ErrorSpread>();
        var failures = 0;
        Span<bool> failed = stackalloc bool[candidates.Methods.Length];
        foreach (var origin in RollingOrigins.Of(history.Length, season, settings.Horizon, settings.Origins))
        {
            var before = history[..origin];
            if (!AnyObserved(before) || !AnyObserved(history.AsSpan(origin, steps))) continue;
            var at = new double[candidates.Methods.Length * steps];
            var rate = route == DemandRoute.Seldom ? pooled?.Forecast(part with { Demand = before }, steps) : null;
            candidates.Forecast(before, season, steps, rate, at, failed, costly);
            for (var m = 0; m < failed.Length; m++) failures += failed[m] && (costly || !candidates.Costly[m]) ? 1 : 0;
            origins.Add(origin);
            forecasts.Add(at);
            spreads.Add(ErrorSpread.Of(route, before, season, rate));
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
