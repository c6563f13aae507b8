using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Forecasts;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Groups;

/// <summary>Categories and parts forecast apart and then made to add up (MinT-shrink). A pure function of model and parts.</summary>
/// <param name="model">The one that made the parts' forecasts; it forecasts the categories as well, from the sums of their parts' histories.</param>
/// <param name="under">Path of the group that was asked for; groups above it are left out.</param>
/// <param name="cancellationToken">Stops it with an <see cref="OperationCanceledException"/>.</param>
internal sealed class ReconcileParts(ForecastModel model, string under, CancellationToken cancellationToken)
{
    /// <param name="parts">With their histories, in one order.</param>
    /// <returns>As <see cref="AddUpParts"/>.</returns>
    public List<GroupForecast> Of(IEnumerable<GroupedPart> parts) =>
    [
        .. parts.GroupBy(part => part.Frequency).SelectMany(members => Reconcile(members.Key, [.. members]))
            .OrderBy(group => group.Group, StringComparer.Ordinal).ThenBy(group => group.Frequency),
    ];

    private List<GroupForecast> Reconcile(char frequency, GroupedPart[] parts)
    {
        var first = parts.Max(part => part.First);
        var season = parts[0].History!.Season;
        var histories = NodeHistories.Of(parts, under, first, season);
        var tree = histories.Tree;
        var categories = tree.Categories.Count;
        var own = new PartForecast[categories];
        Parallel.For(0, categories, new ParallelOptions { CancellationToken = cancellationToken },
            c => own[c] = CheckedForecast.Of(model, new PartHistory(under + tree.Categories[c], season, histories.Categories[c]) { Group = under + tree.Categories[c] }));

        var projection = new MinTraceProjection(tree, histories.Errors);
        var steps = Enumerable.Range(0, categories).Select(_ => new List<GroupStep>()).ToArray();
        var forecasts = new double[tree.Nodes];
        var planned = new double[tree.Nodes];
        for (var step = 0; step < parts.Max(part => part.Mean.Length); step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var c = 0; c < categories; c++) forecasts[c] = own[c].Mean[Math.Min(step, own[c].Mean.Length - 1)];
            for (var leaf = 0; leaf < parts.Length; leaf++) forecasts[categories + leaf] = parts[leaf].MeanAt(first + step);
            var reconciled = projection.Of(forecasts);
            // What a planner said is not moved: it takes the place of the reconciled quantity.
            tree.Sum([.. parts.Select((part, leaf) => part.Overrides.GetValueOrDefault(first + step, reconciled[categories + leaf]))], planned);
            var period = Periods.StartOf(frequency, first + step);
            for (var c = 0; c < categories; c++) steps[c].Add(new(period, planned[c], reconciled[c]) { Quantiles = Moved(own[c], step, planned[c]) });
        }

        var counts = new double[tree.Nodes];
        tree.Sum([.. parts.Select(_ => 1.0)], counts);
        return [.. steps.Select((ofGroup, c) => new GroupForecast(under + tree.Categories[c], frequency, (int)counts[c], ofGroup))];
    }

    /// <summary>The category's own quantiles in proportion to its mean.</summary>
    private static IReadOnlyDictionary<string, double>? Moved(PartForecast own, int step, double mean)
    {
        var horizon = own.Mean.Length;
        if (step >= horizon || !double.IsFinite(mean / own.Mean[step])) return null;
        Span<double> quantiles = stackalloc double[QuantileForecast.Levels.Length];
        for (var level = 0; level < quantiles.Length; level++) quantiles[level] = Math.Min(double.MaxValue, own.Quantiles[level * horizon + step] * (mean / own.Mean[step]));
        return Levels.ByLevel(QuantileForecast.Levels, quantiles);
    }
}
