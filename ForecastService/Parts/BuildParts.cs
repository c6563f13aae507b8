using Shabou.ForecastService.Demand;
using Shabou.ForecastService.Planning;
using Shabou.ForecastService.Training;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Parts;

/// <summary>Puts histories and facts together into what the model is given: a pure function.</summary>
/// <param name="facts">Of catalog, planners and promotions.</param>
/// <param name="planning">What counts where nobody has planned.</param>
/// <param name="regressors">For the horizon of the forecast.</param>
/// <param name="maxPeriods">Of a longer history the end is taken.</param>
internal sealed class BuildParts(Facts facts, PlanningOptions planning, Regressors regressors, int maxPeriods)
{
    // A chain that ends in a part which is no longer sold leaves its demand where it is.
    private readonly Dictionary<string, string> _replacedBy = Supersessions.Resolve(
            facts.Parts.Values.Where(p => p.ReplacedBy is not null).ToDictionary(p => p.Sku, p => p.ReplacedBy!, StringComparer.Ordinal))
        .Where(chain => facts.Parts.GetValueOrDefault(chain.Value) is { IsDeleted: false }).ToDictionary(StringComparer.Ordinal);

    /// <summary>All parts in order of SKU.</summary>
    /// <param name="series">Recorded demand.</param>
    /// <param name="coldStart">Add parts of the catalog without any demand, on the grid that most series have.</param>
    public List<PartSeries> Of(IReadOnlyList<PartSeries> series, bool coldStart)
    {
        var inherited = series.Where(s => _replacedBy.ContainsKey(s.Sku)).ToLookup(s => _replacedBy[s.Sku], StringComparer.Ordinal);
        var recorded = series.ToDictionary(s => s.Sku, StringComparer.Ordinal);
        var parts = series.Select(s => Of(s, inherited[s.Sku])).ToList();
        // A replacement that has not sold yet has what its predecessors sold.
        parts.AddRange(inherited.Where(heirs => !recorded.ContainsKey(heirs.Key)).Select(heirs => Of(heirs.First() with { History = heirs.First().History with { Id = heirs.Key } }, heirs.Skip(1))));
        if (coldStart) parts.AddRange(New(parts));
        parts.Sort((one, other) => string.CompareOrdinal(one.Sku, other.Sku));
        return parts;
    }

    private PartSeries Of(PartSeries own, IEnumerable<PartSeries> predecessors)
    {
        var sku = own.Sku;
        var replacedBy = _replacedBy.GetValueOrDefault(sku);
        // Periods of another length cannot be added up.
        var all = replacedBy is null ? predecessors.Where(p => p.Frequency == own.Frequency).Aggregate(own, Sum) : own;
        var fact = facts.Parts.GetValueOrDefault(sku);
        var plan = facts.Plans.GetValueOrDefault(sku);
        var order = OrderPlan.Of(planning, plan, warehouse: null);
        var group = fact?.Group ?? "";
        return all with
        {
            History = all.History with
            {
                Group = group,
                Regressors = regressors.Of(all.Frequency, all.First, all.History.Demand.Length, facts.Promotions.Where(p => p.IsFor(sku, group))),
                ProtectionPeriods = order.ProtectionPeriods(all.Frequency),
                UnitValue = (double?)(order.UnitCost ?? fact?.Price) is { } value and > 0 ? value : 1,
                Discontinued = replacedBy is not null || fact is { IsDeleted: true } || plan?.Discontinued == true,
                ReplacedBy = replacedBy ?? "",
            },
        };
    }

    /// <summary>Both demands on one grid, from the first period of either to the last. A period that is known of one only is that one's.</summary>
    private PartSeries Sum(PartSeries one, PartSeries other)
    {
        var next = Math.Max(one.Next, other.Next);
        var first = Math.Max(Math.Min(one.First, other.First), next - maxPeriods);
        var sum = new double[next - first];
        for (var i = 0; i < sum.Length; i++)
        {
            var (a, b) = (At(one, first + i), At(other, first + i));
            sum[i] = double.IsNaN(a) ? b : double.IsNaN(b) ? a : a + b;
        }

        return one with { First = first, History = one.History with { Demand = sum } };

        static double At(PartSeries part, int period) => period >= part.First && period < part.Next ? part.History.Demand[period - part.First] : double.NaN;
    }

    private IEnumerable<PartSeries> New(List<PartSeries> parts)
    {
        if (parts.Count == 0) return [];
        var grid = parts.GroupBy(p => p.Frequency).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First();
        var (frequency, next) = (grid.Key, grid.Max(p => p.Next));
        var known = parts.Select(p => p.Sku).ToHashSet(StringComparer.Ordinal);
        return facts.Parts.Values.Where(p => !p.IsDeleted && !known.Contains(p.Sku) && !_replacedBy.ContainsKey(p.Sku))
            .Select(p => Of(new PartSeries(frequency, next, new PartHistory(p.Sku, Periods.Season(frequency), [])), []));
    }
}
