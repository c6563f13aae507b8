namespace Shabou.Forecasting;

/// <summary>A small global linear model: all parts together teach how much recent and old demand, its frequency, its size and the group's level say about
/// the next periods. Immutable, so one serves all threads.</summary>
/// <remarks>
/// The expectation is linear in estimates of the level (<see cref="PooledFeatures"/>) with weights that all parts share, learned at
/// rolling origins inside the histories (<see cref="LevelRegression"/>), one set for steps 1 to 3 and one for steps 4 to 12, which goes on after that. Global models:
/// Montero-Manso &amp; Hyndman 2021. The spread around it is the gamma-Poisson's (<see cref="GammaPoisson"/>): negative binomial with the
/// part's own lots and level uncertainty. Parts with fewer than six observed periods get the gamma-Poisson altogether.
/// Features, stretches and constants were chosen on carparts at months 24 and 27 of the first 39 (forecasting the twelve
/// that follow) and checked on the same origins of RAF and hospital, never on a test part.
/// </remarks>
public sealed class PooledDemandModel
{
    private static readonly int[] Edges = [0, 3, 12];

    private readonly GammaPoisson _levels;
    private readonly PartGroups _groups;
    private readonly GroupLevel[] _groupLevels;
    private readonly LevelRegression[] _stretches;

    private PooledDemandModel(GammaPoisson levels, PartGroups groups, GroupLevel[] groupLevels, LevelRegression[] stretches) =>
        (_levels, _groups, _groupLevels, _stretches) = (levels, groups, groupLevels, stretches);

    /// <summary>Name in accuracy tables and choices.</summary>
    public static string Name => "pooled";

    /// <summary>Learns from the histories, which end in the same period.</summary>
    /// <param name="parts">In any order; the result is the same. Parts of different seasons share the weights. Without any demand every
    /// forecast is zero; with histories under nine periods the gamma-Poisson forecasts all of them.</param>
    /// <param name="threads">Cores to use; changes the time only.</param>
    /// <param name="cancellationToken">Stops it with an <see cref="OperationCanceledException"/>.</param>
    public static PooledDemandModel Learn(IReadOnlyList<PartHistory> parts, int threads, CancellationToken cancellationToken)
    {
        PartHistory[] sorted = [.. parts.OrderBy(part => part.Id, StringComparer.Ordinal)];
        var groups = PartGroups.Of(sorted);
        var rows = PooledRows.Of(sorted, groups, new() { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellationToken });
        var stretches = new List<LevelRegression>();
        for (var i = 0; i + 1 < Edges.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (LevelRegression.Fit(rows, rows.Target(Edges[i], Edges[i + 1])) is not { } fitted) break;
            stretches.Add(fitted);
        }

        var groupLevels = GroupLevel.At(sorted, groups.Members(sorted), 0, PooledFeatures.Window(sorted.FirstOrDefault()?.Season ?? 1));
        return new(GammaPoisson.Learn(sorted, threads, cancellationToken), groups, groupLevels, [.. stretches]);
    }

    /// <summary>Forecasts one part, known or new: a pure function of this model and the history, a few microseconds.</summary>
    /// <param name="part">May be empty or all missing: it is then expected to sell like its group.</param>
    /// <param name="horizon">Steps, at least 1.</param>
    public PooledForecast Forecast(PartHistory part, int horizon)
    {
        var spread = _levels.Forecast(part, horizon);
        if (part.Discontinued || _stretches.Length == 0 || !PooledFeatures.Enough(part.Demand)) return spread;
        var group = _groupLevels[_groups.Nearest(part.Group)];
        Span<double> features = stackalloc double[PooledFeatures.Count];
        PooledFeatures.Write(part.Demand, PooledFeatures.Window(part.Season), group, features);
        for (var i = 0; i < _stretches.Length && Edges[i] < horizon; i++) spread.Mean.AsSpan(Edges[i]).Fill(_stretches[i].Expect(features, group));
        return spread;
    }

    /// <summary>What is stored: the same model gives the same numbers.</summary>
    public PooledState ToState() => new(_groups.Names,
    [
        _stretches.Length, .. _stretches.SelectMany(stretch => stretch.Coefficients.ToArray()),
        .. _groupLevels.SelectMany(level => new[] { level.Mean, level.Size }), .. _levels.ToState().Coefficients,
    ]);

    /// <summary>Reads what <see cref="ToState"/> wrote; it forecasts the same bits.</summary>
    /// <exception cref="InvalidDataException">The numbers are not such a model.</exception>
    public static PooledDemandModel FromState(PooledState state)
    {
        ReadOnlySpan<double> numbers = state.Coefficients;
        if (numbers.Length == 0 || !(numbers[0] is >= 0 and < 10) || numbers.Length < 1 + (int)numbers[0] * LevelRegression.Numbers + 2 * state.Groups.Length)
            throw new InvalidDataException("The coefficients are not those of a pooled model.");
        var stretches = new LevelRegression[(int)numbers[0]];
        numbers = numbers[1..];
        foreach (ref var stretch in stretches.AsSpan())
        {
            stretch = LevelRegression.From(numbers[..LevelRegression.Numbers]);
            numbers = numbers[LevelRegression.Numbers..];
        }

        var groupLevels = new GroupLevel[state.Groups.Length];
        foreach (ref var level in groupLevels.AsSpan())
        {
            level = new(numbers[0], numbers[1]);
            numbers = numbers[2..];
        }

        return new(GammaPoisson.FromState(new(state.Groups, numbers.ToArray())), new(state.Groups), groupLevels, stretches);
    }
}
