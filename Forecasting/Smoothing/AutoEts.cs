namespace Shabou.Forecasting;

/// <summary>Exponential smoothing with the model chosen by the AICc from all of <see cref="EtsModel.Admissible"/>.</summary>
/// <remarks>
/// Hyndman, Koehler, Snyder &amp; Grose 2002, as R's forecast::ets: the same models, bounds and criterion. The likelihood is climbed to its top by
/// <see cref="EtsSearch"/>, where R's simplex search often stops below it, with a season by several units; so the model chosen is R's in two
/// cases of three, and better by the AICc in the others (155 series of M3).
/// Every model is climbed from the best of <see cref="EtsStarts"/>, roughly; one whose climb is slowing down far below the best is given up, which
/// is a guess. Those that end within <see cref="FinalistMargin"/> of the best are climbed from their other starts, and to the very top. These
/// numbers were chosen on every twelfth monthly and sixth quarterly training part of M3: the model is that of an exhaustive search (all models,
/// all starts of a denser grid) in 99 cases of 100, and the AICc 0.01 higher on average. Criteria of models that were given up are upper bounds.
/// A series of fewer than five periods gets ETS(A,N,N), a cycle beyond 24 periods is ignored, and values that are not strictly positive rule
/// multiplicative errors out. A constant series gets its constant. 100,000 periods take seconds, as every model reads them a hundred times.
/// </remarks>
public sealed class AutoEts : IForecastMethod
{
    /// <summary>Models that are climbed from every start, at most.</summary>
    public const int Finalists = 3;

    // How far behind the best a model may be and still become a finalist; how far its first climb must promise to come, to go on.
    private const double FinalistMargin = 4, ClimbMargin = 6;

    public string Name => "ets";

    public void Forecast(ReadOnlySpan<double> history, int season, Span<double> mean) => Select(history, season, EtsSearch.Close).Best.Forecast(mean, []);

    /// <summary>Fits all admissible models and chooses.</summary>
    /// <param name="history">Oldest first; NaN where missing (interpolated).</param>
    /// <param name="season">Periods of the cycle; 1 for none.</param>
    /// <exception cref="ArgumentException">No period is observed.</exception>
    public static EtsSelection Select(ReadOnlySpan<double> history, int season) => Select(history, season, EtsSearch.Exact);

    private static EtsSelection Select(ReadOnlySpan<double> history, int season, double precision)
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
            if (problem.Climb(model, points[0].Point, EtsSearch.Rough, best + ClimbMargin - problem.Penalty(model)) is not { } top) continue;
            found.Add(top);
            best = Math.Min(best, top.Deviance + problem.Penalty(model));
        }

        Sort(found, problem);
        var last = problem.Aicc(found[0]) + FinalistMargin;
        for (var i = 0; i < Math.Min(Finalists, found.Count) && problem.Aicc(found[i]) <= last; i++)
        {
            var points = starts.Find(s => s.Model == found[i].Model).Points;
            for (var start = 1; start < points.Count; start++)
                found[i] = EtsProblem.Better(found[i], problem.Climb(found[i].Model, points[start].Point, EtsSearch.Rough, found[i].Deviance))!;
            found[i] = EtsProblem.Better(found[i], problem.Climb(found[i].Model, found[i].Point, precision, double.PositiveInfinity))!;
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
