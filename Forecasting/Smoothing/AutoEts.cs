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

    private const double Rough = 1e-2;
    private const double Margin = 6;

    public string Name => "ets";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean) => Select(history, season).Best.Forecast(mean, []);

    /// <summary>Fits all admissible models and chooses.</summary>
    /// <param name="history">Oldest first; NaN where missing (interpolated).</param>
    /// <param name="season">Periods of the cycle; 1 for none.</param>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static EtsSelection Select(ReadOnlySpan<double> history, int season)
    {
        using var problem = new EtsProblem(history, season);
        var starts = new List<(EtsModel Model, List<(double Deviance, double[] Point)> Points)>(EtsModel.Admissible.Length);
        foreach (var model in EtsModel.Admissible)
            if (problem.Allows(model) && problem.Starts(model) is { Count: > 0 } points) starts.Add((model, points));
        if (starts.Count == 0) return new(problem.Mean(), []);
        starts.Sort((a, b) => (a.Points[0].Deviance + problem.Penalty(a.Model)).CompareTo(b.Points[0].Deviance + problem.Penalty(b.Model)));

        var found = new List<EtsProblem.Found>(starts.Count);
        var best = double.PositiveInfinity;
        foreach (var (model, points) in starts)
        {
            if (problem.Climb(model, points[0].Point, Rough, best + Margin - problem.Penalty(model)) is not { } top) continue;
            found.Add(top);
            best = Math.Min(best, top.Deviance + problem.Penalty(model));
        }

        Sort(found, problem);
        for (var i = 0; i < Math.Min(Finalists, found.Count); i++)
        {
            var points = starts.Find(s => s.Model == found[i].Model).Points;
            for (var start = 1; start < points.Count; start++)
                found[i] = EtsProblem.Better(found[i], problem.Climb(found[i].Model, points[start].Point, Rough, found[i].Deviance))!;
            found[i] = EtsProblem.Better(found[i], problem.Climb(found[i].Model, found[i].Point, EtsSearch.Exact, double.PositiveInfinity))!;
        }

        Sort(found, problem);
        return new(problem.Describe(found[0]), [.. found.Select(f => new EtsCandidate(f.Model, problem.LogLikelihood(f), problem.Aicc(f)))]);
    }

    // Best first; of equal ones the simpler, which comes first among the admissible.
    private static void Sort(List<EtsProblem.Found> found, EtsProblem problem) => found.Sort((a, b) =>
        problem.Aicc(a).CompareTo(problem.Aicc(b)) is var order and not 0
            ? order
            : EtsModel.Admissible.IndexOf(a.Model).CompareTo(EtsModel.Admissible.IndexOf(b.Model)));
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
