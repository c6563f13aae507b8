namespace Shabou.Forecasting;

/// <summary>Exponential smoothing with the model chosen by the AICc from all of <see cref="EtsModel.Admissible"/>.</summary>
/// <remarks>Hyndman, Koehler, Snyder &amp; Grose 2002, as R's forecast::ets: the same models, bounds and criterion. The likelihood is climbed to its top by
/// <see cref="EtsSearch"/>, where R's simplex search mostly stops a little (with a season: several units) below. All models are climbed from
/// their best start; those whose criterion is then among the <see cref="Finalists"/> best also from the others. A series of fewer than five
/// periods gets ETS(A,N,N), a cycle beyond 24 periods is ignored, and values that are not strictly positive rule multiplicative models out. A
/// constant series gets its constant.</remarks>
public sealed class AutoEts : IForecastMethod
{
    /// <summary>Models that are climbed from every start.</summary>
    public const int Finalists = 3;

    public string Name => "ets";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean) => Select(history, season).Best.Forecast(mean, []);

    /// <summary>Fits all admissible models and chooses.</summary>
    /// <param name="history">Oldest first; NaN where missing (interpolated).</param>
    /// <param name="season">Periods of the cycle; 1 for none.</param>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static EtsSelection Select(ReadOnlySpan<double> history, int season)
    {
        using var problem = new EtsProblem(history, season);
        var found = new List<(EtsProblem.Found Fit, double Aicc)>(EtsModel.Admissible.Length);
        foreach (var model in EtsModel.Admissible)
            if (problem.Allows(model) && problem.Search(model, 1) is { } fit) found.Add((fit, problem.Aicc(fit)));
        if (found.Count == 0) return new(problem.Mean(), []);
        found.Sort((a, b) => a.Aicc.CompareTo(b.Aicc));
        for (var i = 0; i < Math.Min(Finalists, found.Count); i++)
            if (problem.Search(found[i].Fit.Model, EtsStarts.Most) is { } better) found[i] = (better, problem.Aicc(better));
        found.Sort((a, b) => a.Aicc.CompareTo(b.Aicc));
        return new(problem.Describe(found[0].Fit), [.. found.Select(f => new EtsCandidate(f.Fit.Model, problem.LogLikelihood(f.Fit), f.Aicc))]);
    }
}

/// <summary>The chosen model and the others that were tried.</summary>
/// <param name="Best">Smallest AICc.</param>
/// <param name="Candidates">All models that could be fitted, best first.</param>
public sealed record EtsSelection(EtsFit Best, IReadOnlyList<EtsCandidate> Candidates);

/// <summary>A model that was tried.</summary>
/// <param name="Model">Which.</param>
/// <param name="LogLikelihood">As <see cref="EtsFit.LogLikelihood"/>.</param>
/// <param name="Aicc">As <see cref="EtsFit.Aicc"/>.</param>
public readonly record struct EtsCandidate(EtsModel Model, double LogLikelihood, double Aicc);
