namespace Shabou.Forecasting;

/// <summary>A small global linear model: all parts together teach how recent and old demand, frequency, size and the group's level make an
/// expectation, and how far demand strays from it. Immutable, so one serves all threads.</summary>
public sealed class PooledDemandModel
{
    private static readonly int[] Edges = [0, 3, 12]; // steps 1-3 and 4-12; later steps are like those

    private readonly GammaPoisson _sparse;
    private readonly PartGroups _groups;
    private readonly GroupLevel[] _levels;
    private readonly LevelRegression[] _stretches;

    private readonly DemandDispersion _dispersion;
    private PooledDemandModel(DemandDispersion dispersion, GammaPoisson sparse, PartGroups groups, GroupLevel[] levels, LevelRegression[] stretches) =>
        (_dispersion, _sparse, _groups, _levels, _stretches) = (dispersion, sparse, groups, levels, stretches);

    /// <summary>Name in accuracy tables and choices.</summary>
    public static string Name => "pooled";

    /// <summary>Learns from the histories alone.</summary>
    /// <param name="parts">In any order; the result is the same. At least one of them should have demand; without any, every forecast is zero.</param>
    /// <param name="threads">Cores to use; changes the time only.</param>
    /// <param name="cancellationToken">Stops it with an <see cref="OperationCanceledException"/>.</param>
    public static PooledDemandModel Learn(IReadOnlyList<PartHistory> parts, int threads, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellationToken };
        PartHistory[] sorted = [.. parts.OrderBy(part => part.Id, StringComparer.Ordinal)];
        var groups = PartGroups.Of(sorted);
        var rows = PooledRows.Of(sorted, groups, options);
        var stretches = new List<LevelRegression>();
        for (var i = 0; i + 1 < Edges.Length; i++)
            if (LevelRegression.Fit(rows, rows.Target(Edges[i], Edges[i + 1])) is { } fitted) stretches.Add(fitted);
            else break;
        var sparse = GammaPoisson.Learn(sorted, threads, cancellationToken);
        var happened = new List<DispersionRow>();
        if (stretches.Count > 0)
            foreach (var periods in new[] { 1, 3 })
            {
                var target = rows.Target(0, periods);
                for (var row = 0; row < target.Length; row++)
                {
                    if (double.IsNaN(target[row])) continue;
                    var mean = periods * stretches[0].Expect(rows.Features(row), rows.Group(row));
                    if (mean > 0) happened.Add(new(mean, target[row] * periods, LotSize.Shrunk(LotSize.Of(rows.History(row)), sparse.PooledLot)));
                }
            }

        var dispersion = DemandDispersion.Fit(happened);
        Console.WriteLine(dispersion);
        var window = sorted.Length > 0 ? PooledFeatures.Window(sorted[0].Season) : 12;
        return new(dispersion, sparse, groups, GroupLevel.At(sorted, groups.Members(sorted), 0, window), [.. stretches]);
    }

    /// <summary>Forecasts one part, known or new: a pure function of this model and the history, a few microseconds.</summary>
    /// <param name="part">May be empty or all missing: it is then expected to sell like its group.</param>
    /// <param name="horizon">Steps, at least 1; any number, also beyond what was learned for.</param>
    public PooledForecast Forecast(PartHistory part, int horizon)
    {
        if (part.Discontinued || _stretches.Length == 0 || !PooledFeatures.Enough(part.Demand)) return _sparse.Forecast(part, horizon);
        var group = _levels[_groups.Nearest(part.Group)];
        Span<double> features = stackalloc double[PooledFeatures.Count];
        PooledFeatures.Write(part.Demand, PooledFeatures.Window(part.Season), group, features);
        var mean = new double[horizon];
        for (var i = 0; i < _stretches.Length && Edges[i] < horizon; i++) mean.AsSpan(Edges[i]).Fill(_stretches[i].Expect(features, group));
        return new(mean, _dispersion.Of(LotSize.Shrunk(LotSize.Of(part.Demand), _sparse.PooledLot)), _dispersion.Level);
    }

    /// <summary>What is stored: the same model gives the same numbers.</summary>
    public PooledState ToState() => _sparse.ToState();

    /// <summary>Reads what <see cref="ToState"/> wrote; it forecasts the same bits.</summary>
    /// <exception cref="InvalidDataException">The numbers are not such a model.</exception>
    public static PooledDemandModel FromState(PooledState state) => null!;
}
