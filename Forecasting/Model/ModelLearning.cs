namespace Shabou.Forecasting;

/// <summary>Learns a model: every part is looked at alone and in parallel, then all are added up in the order of their names.</summary>
internal static class ModelLearning
{
    /// <summary>Parts of one season and route that teach at most; more are thinned by their names. 5,000 x 6 origins fix a
    /// quantile of 99 % to about a tenth of a per cent, so more would cost memory for nothing.</summary>
    private const int MostTeachers = 5_000;

    public static ForecastModel Learn(IReadOnlyList<PartHistory> parts, ForecastSettings settings, int threads, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Horizon, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Horizon, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Origins, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Origins, 100);
        var ordered = parts.OrderBy(part => part.Id, StringComparer.Ordinal).ToArray();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellationToken };
        var histories = new double[ordered.Length][];
        Parallel.For(0, ordered.Length, options, i => histories[i] = PartEvidence.Baseline(ordered[i]));
        var classes = histories.Select(history => DemandProfile.Of(history).Class).ToArray();

        var teachers = Teachers(ordered, histories, classes, settings);
        var (pooled, before) = Pooled(ordered, histories, classes, settings, options);
        var evidence = new PartEvidence[teachers.Length];
        Parallel.For(0, teachers.Length, options, i => evidence[i] = PartEvidence.Of(ordered[teachers[i]], histories[teachers[i]], before, settings, costly: true));
        var segments = Segments(evidence, options);
        var limits = AbcXyz.Of([.. ordered.Select(AbcXyz.ValueOf)]);
        var bare = new ForecastModel(settings, limits, segments, pooled, GroupDemands.Learn(ordered.Zip(histories)), [], Count(ordered, histories, classes, evidence));

        var scores = new ScoreSums[evidence.Length];
        Parallel.For(0, evidence.Length, options, i =>
            scores[i] = PartScoring.Score(bare.SegmentOf(Math.Max(1, evidence[i].Part.Season), evidence[i].Class), evidence[i], ranges: true));
        return new(settings, limits, segments, pooled, bare.Groups, BacktestTable.Build(evidence, scores), bare.Counts);
    }

    // Two pooled models of seldom demand: one for the forecasts, and one that ends before the last scored window, by which the candidate is judged. At the
    // earlier origins that one knows a little of what follows: some dozens of coefficients, shared by all parts.
    private static (PooledDemandModel? Whole, PooledDemandModel? Before) Pooled(
        PartHistory[] parts, double[][] histories, DemandClass[] classes, ForecastSettings settings, ParallelOptions options)
    {
        var whole = new List<PartHistory>();
        var before = new List<PartHistory>();
        for (var i = 0; i < parts.Length; i++)
        {
            if (DemandRoutes.Of(classes[i]) != DemandRoute.Seldom || parts[i].Discontinued) continue;
            whole.Add(parts[i] with { Demand = histories[i] });
            before.Add(parts[i] with { Demand = histories[i][..^RollingOrigins.Steps(histories[i].Length, settings.Horizon)] });
        }

        if (whole.Count < Segment.FewestParts) return (null, null);
        return (PooledDemandModel.Learn(whole, options.MaxDegreeOfParallelism, options.CancellationToken),
            PooledDemandModel.Learn(before, options.MaxDegreeOfParallelism, options.CancellationToken));
    }

    private static int[] Teachers(PartHistory[] parts, double[][] histories, DemandClass[] classes, ForecastSettings settings)
    {
        var able = Enumerable.Range(0, parts.Length)
            .Where(i => !parts[i].Discontinued && PartEvidence.Observed(histories[i]) >= PartEvidence.FewestObserved).ToArray();
        var every = able.GroupBy(i => (parts[i].Season, DemandRoutes.Of(classes[i])))
            .ToDictionary(group => group.Key, group => (ulong)((group.Count() + MostTeachers - 1) / MostTeachers));
        return [.. able.Where(i => Draws.Start(parts[i].Id, settings.Seed) % every[(parts[i].Season, DemandRoutes.Of(classes[i]))] == 0)];
    }

    private static Segment[] Segments(PartEvidence[] evidence, ParallelOptions options)
    {
        var members = new SortedDictionary<(int Season, int Kind), List<PartEvidence>>();
        foreach (var part in evidence)
        {
            if (part.Rolling.Origins.Length == 0) continue;
            foreach (var key in Segment.KeysOf(Math.Max(1, part.Part.Season), part.Class))
            {
                if (!members.TryGetValue(key, out var list)) members[key] = list = [];
                list.Add(part);
            }
        }

        var keys = members.Keys.ToArray();
        var same = Array.ConvertAll(keys, key => Array.FindIndex(keys, other => members[other].SequenceEqual(members[key]))); // of one season, of one class
        var segments = new Segment[keys.Length];
        Parallel.For(0, keys.Length, options, i =>
        {
            if (same[i] == i) segments[i] = SegmentLearning.Learn(keys[i].Season, keys[i].Kind, members[keys[i]][0].Route, members[keys[i]]);
        });
        for (var i = 0; i < keys.Length; i++)
            if (same[i] != i) segments[i] = segments[same[i]] with { Season = keys[i].Season, Kind = keys[i].Kind };
        return segments;
    }

    private static ModelCounts Count(PartHistory[] parts, double[][] histories, DemandClass[] classes, PartEvidence[] evidence)
    {
        var byClass = new int[Enum.GetValues<DemandClass>().Length];
        var fallbacks = new int[Enum.GetValues<Fallback>().Length];
        for (var i = 0; i < parts.Length; i++)
        {
            byClass[(int)classes[i]]++;
            fallbacks[(int)PartForecasting.FallbackOf(parts[i], PartEvidence.Observed(histories[i]))]++;
        }

        return new(parts.Length, byClass, fallbacks, evidence.Sum(part => part.Rolling.Failures));
    }
}
