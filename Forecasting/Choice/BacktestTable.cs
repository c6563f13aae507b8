namespace Shabou.Forecasting;

/// <summary>Adds up the scores of all parts into the rows of <see cref="ForecastModel.Backtest"/>.</summary>
internal static class BacktestTable
{
    private const int AllClasses = 4;

    /// <summary>Per season: all classes, then each; in it all steps, then each range; in it references, members, the published forecast.</summary>
    /// <remarks>Season, class, steps and method name a row. Where nothing is scored beyond the first range of steps, that range is the row of all steps
    /// and not a second one.</remarks>
    /// <param name="parts">In a fixed order.</param>
    /// <param name="scores">One per part.</param>
    public static List<BacktestRow> Build(IReadOnlyList<PartEvidence> parts, IReadOnlyList<ScoreSums> scores)
    {
        var sums = new SortedDictionary<(int Season, int Class, DemandRoute Route), ScoreSums>();
        for (var i = 0; i < parts.Count; i++)
        {
            var season = Math.Max(1, parts[i].Part.Season);
            foreach (var key in (int[])[AllClasses, (int)parts[i].Class])
            {
                if (!sums.TryGetValue((season, key, parts[i].Route), out var sum)) sums[(season, key, parts[i].Route)] = sum = new(scores[i].Methods);
                sum.Add(scores[i]);
            }
        }

        var rows = new List<BacktestRow>();
        foreach (var season in sums.Keys.Select(key => key.Season).Distinct())
        {
            Add(rows, season, null, [.. sums.Where(s => s.Key.Season == season && s.Key.Class == AllClasses).Select(s => (s.Key.Route, s.Value))]);
            foreach (var one in sums.Where(s => s.Key.Season == season && s.Key.Class != AllClasses))
                Add(rows, season, (DemandClass)one.Key.Class, [(one.Key.Route, one.Value)]);
        }

        return rows;
    }

    // Both routes have candidates of their own; what has one name in both is one row over all classes only when both routes have it.
    private static void Add(List<BacktestRow> rows, int season, DemandClass? demandClass, List<(DemandRoute Route, ScoreSums Sums)> routes)
    {
        for (var range = 0; range < ScoreSums.FirstSteps.Length; range++)
        {
            foreach (var name in Names(routes[0].Route))
            {
                if (routes.Any(route => !Names(route.Route).Contains(name))) continue;
                var total = new ScoreSums(1);
                foreach (var (route, sums) in routes) total.Add(sums.Only(Names(route).IndexOf(name)));
                if (total.Steps(0, range) == 0 || IsAllSteps(total, range)) continue;
                rows.Add(new(season, demandClass, ScoreSums.FirstSteps[range], total.LastStep(0, range), name == Combination.PublishedName,
                    total.Accuracy(name, 0, range), total.Coverage80(0, range), total.Coverage95(0, range)));
            }
        }
    }

    private static bool IsAllSteps(ScoreSums sums, int range) =>
        range > 0 && ScoreSums.FirstSteps[range] == ScoreSums.FirstSteps[0] && sums.LastStep(0, range) == sums.LastStep(0, 0);

    private static List<string> Names(DemandRoute route) => [.. Candidates.For(route).Methods.Select(method => method.Name), Combination.PublishedName];
}
