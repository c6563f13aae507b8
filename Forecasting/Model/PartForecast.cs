namespace Shabou.Forecasting;

/// <summary>What is expected of one part. Every number is finite and 0 or more.</summary>
/// <param name="Id">As in <see cref="PartHistory.Id"/>.</param>
/// <param name="Profile">How its demand behaves.</param>
/// <param name="Mean">Expected units per step.</param>
/// <param name="Quantiles">Level by level (<see cref="QuantileForecast.Levels"/>), each with all steps: level i at step s is at i * Mean.Length + s.</param>
/// <param name="Protection">Demand over lead time and review together: what the reorder point is made of.</param>
/// <param name="Choice">Which methods it comes from and why.</param>
public sealed record PartForecast(
    string Id, DemandProfile Profile, double[] Mean, double[] Quantiles, ProtectionDemand Protection, ForecastChoice Choice)
{
    /// <summary>What share of the turnover it stands for.</summary>
    public AbcClass Abc { get; init; } = AbcClass.C;

    /// <summary>How steady it is.</summary>
    public XyzClass Xyz { get; init; } = XyzClass.Z;

    /// <summary>How this kind of forecast did on rolling origins inside the part's own history.</summary>
    public PartScores Scores { get; init; } = PartScores.None;
}

/// <summary>Why a forecast does not come from the part's own history and the methods of its class.</summary>
public enum Fallback
{
    /// <summary>It does.</summary>
    None,

    /// <summary>Nothing is expected of a discontinued part: zero.</summary>
    Discontinued,

    /// <summary>Nothing was ever observed: the level of its group.</summary>
    NoHistory,

    /// <summary>Too little was observed: its mean, drawn towards the level of its group.</summary>
    ShortHistory,

    /// <summary>The methods gave no usable number: the mean of the history.</summary>
    MethodsFailed,
}

/// <summary>The distribution of demand summed over the protection interval (lead time + review).</summary>
/// <param name="Periods">How many periods are summed.</param>
/// <param name="Mean">Units.</param>
/// <param name="StandardDeviation">Units.</param>
/// <param name="Quantiles">One per level of <see cref="Levels"/>, not falling.</param>
public sealed record ProtectionDemand(int Periods, double Mean, double StandardDeviation, double[] Quantiles)
{
    /// <summary>Levels of the quantiles, denser at the top, where stock is set.</summary>
    public static ReadOnlySpan<double> Levels => [.01, .05, .1, .2, .3, .4, .5, .6, .7, .75, .8, .85, .9, .925, .95, .96, .97, .98, .99, .995, .999];

    /// <summary>As a distribution: what <see cref="Replenishment"/> sets stock by.</summary>
    public QuantileCurve ToDistribution() => new(Levels, Quantiles);
}

/// <summary>Why a forecast is what it is: stored with it, shown to the planner.</summary>
/// <param name="Method">The methods behind it, joined by +: <c>theta+ses+tsb</c>. At most 40 characters.</param>
/// <param name="Reason">One sentence that a planner reads. At most 500 characters.</param>
/// <param name="Candidates">Every method that was tried, with its weight in the forecast and its scores, best first.</param>
public sealed record ForecastChoice(string Method, string Reason, IReadOnlyList<CandidateScore> Candidates)
{
    /// <summary>Set when the part could not be forecast like the others; the reason says so too.</summary>
    public Fallback Fallback { get; init; }
}

/// <summary>How a candidate did on rolling origins inside the history. NaN where it could not be scored.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Weight">Its share of the forecast, 0 to 1; all weights add up to 1.</param>
/// <param name="Pinball">Mean pinball loss over the levels, units.</param>
/// <param name="Wape">Sum of absolute errors / sum of demand.</param>
/// <param name="Bias">Sum of forecasts / sum of demand - 1.</param>
public sealed record CandidateScore(string Method, double Weight, double Pinball, double Wape, double Bias);
