using System.Globalization;
using Shabou.ForecastService.PlannerOverrides;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Forecasts;

/// <summary>What is expected of one part.</summary>
/// <param name="Frequency">Length of a step: Y, Q, M, W, D or O.</param>
/// <param name="Class">smooth, intermittent, erratic or lumpy.</param>
/// <param name="Model">The methods behind it, for example <c>theta+ses+tsb</c>.</param>
/// <param name="ModelVersion">Which training run made it, see /api/v1/models.</param>
/// <param name="TrainedAt">When that was.</param>
/// <param name="Steps">In order of time, from the period after the last of the history.</param>
public sealed record ForecastView(
    string Sku, char Frequency, string Class, string Model, string ModelVersion, DateTimeOffset TrainedAt, IReadOnlyList<ForecastStep> Steps)
{
    /// <summary>True: made now, from the demand as it is now. False: as the training run stored it.</summary>
    public bool Fresh { get; init; }

    /// <summary>Why these methods.</summary>
    public string? Reason { get; init; }

    /// <summary>Why it does not come from the part's own history: discontinued, noHistory, shortHistory or methodsFailed; null when it does.</summary>
    public string? Fallback { get; init; }

    /// <summary>Share of the turnover and steadiness, <c>AX</c> to <c>CZ</c>.</summary>
    public string? AbcXyz { get; init; }

    /// <summary>ADI: observed periods per period with demand; null without demand.</summary>
    public double? DemandInterval { get; init; }

    /// <summary>CV2: squared coefficient of variation of the demand sizes.</summary>
    public double? SizeVariation { get; init; }

    /// <summary>Every method that was tried, best first.</summary>
    public IReadOnlyList<CandidateView> Candidates { get; init; } = [];

    /// <summary>What planners expect instead, by period; orders use it.</summary>
    public IReadOnlyList<OverriddenStep> Overrides { get; init; } = [];

    /// <summary>Demand over lead time and review together; null in versions made before it was forecast.</summary>
    public ProtectionView? Protection { get; init; }
}

/// <param name="Period">First day of the period; null for a series that was sent without a start.</param>
/// <param name="Mean">Expected demand, units.</param>
/// <param name="Quantiles">By level: demand stays at or below the value with that probability.</param>
public sealed record ForecastStep(DateOnly? Period, double Mean, IReadOnlyDictionary<string, double> Quantiles);

/// <summary>The demand that an order must last for.</summary>
/// <param name="Periods">Lead time and review.</param>
/// <param name="Mean">Expected in all of them, units.</param>
/// <param name="StandardDeviation">Units.</param>
/// <param name="Quantiles">By level: what is in stock or on order at this value is enough with that probability.</param>
public sealed record ProtectionView(int Periods, double Mean, double StandardDeviation, IReadOnlyDictionary<string, double> Quantiles)
{
    internal static ProtectionView Of(int periods, double mean, double deviation, double[] quantiles) =>
        new(periods, mean, deviation, Levels.ByLevel(ProtectionDemand.Levels, quantiles));
}

/// <summary>Numbers by the level they belong to.</summary>
internal static class Levels
{
    /// <returns>Empty when there are not as many numbers as levels: they are of a program with other levels.</returns>
    public static IReadOnlyDictionary<string, double> ByLevel(ReadOnlySpan<double> levels, ReadOnlySpan<double> numbers)
    {
        var named = new Dictionary<string, double>(levels.Length);
        if (levels.Length != numbers.Length) return named;
        for (var i = 0; i < levels.Length; i++) named.Add(levels[i].ToString(CultureInfo.InvariantCulture), numbers[i]);
        return named;
    }
}
