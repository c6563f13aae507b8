namespace Shabou.ForecastService.Groups;

/// <summary>What is expected of all parts below a category, for one length of period.</summary>
/// <param name="Group">Path of the category; empty: the whole assortment.</param>
/// <param name="Frequency">Length of a step: Y, Q, M, W, D or O. Parts of different lengths are not added up.</param>
/// <param name="Parts">Parts added up.</param>
/// <param name="Steps">In order of time, from the period after the newest history of the group.</param>
public sealed record GroupForecast(string Group, char Frequency, int Parts, IReadOnlyList<GroupStep> Steps);

/// <param name="Period">First day of the period.</param>
/// <param name="Mean">Expected demand, units, with the planners' overrides.</param>
/// <param name="Statistical">The same without them.</param>
public sealed record GroupStep(DateOnly Period, double Mean, double Statistical)
{
    /// <summary>By level, of mint only: those of the category's own forecast, in proportion as its mean was moved. Null where that is zero, and bottom-up: only
    /// means add up, quantiles of a sum are not sums of quantiles.</summary>
    public IReadOnlyDictionary<string, double>? Quantiles { get; init; }
}

/// <summary>Forecasts of categories that add up.</summary>
/// <param name="ModelVersion">Whose forecasts they are.</param>
/// <param name="Reconcile">bottom-up: a group is the sum of its parts. mint: parts and groups are forecast apart, and both are moved, those with the larger
/// errors the more, until they add up.</param>
/// <param name="Groups">The asked one first, then those below it, in order of path.</param>
public sealed record GroupForecasts(string ModelVersion, string Reconcile, IReadOnlyList<GroupForecast> Groups);
