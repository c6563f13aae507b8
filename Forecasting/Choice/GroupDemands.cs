namespace Shabou.Forecasting;

/// <summary>What is known of a group of parts: the level that a new one may be expected to have.</summary>
/// <param name="Season">Periods of the cycle.</param>
/// <param name="Path">As <see cref="PartHistory.Group"/>, or the beginning of it; empty: all parts.</param>
/// <param name="Parts">How many taught it.</param>
/// <param name="Rate">Mean over parts of their demand per period, units.</param>
/// <param name="Between">Variance of that demand between parts.</param>
/// <param name="Within">Mean variance of single periods around their part's level.</param>
internal readonly record struct GroupDemand(int Season, string Path, int Parts, double Rate, double Between, double Within)
{
    /// <summary>Level of a part of which some periods were observed: its mean, drawn towards the group's as far as the group is more certain
    /// (linear empirical Bayes, Buehlmann 1967).</summary>
    /// <returns>Mean, and variance of a period around it: within the part, and of the level itself.</returns>
    public (double Mean, double Within, double Level) Of(ReadOnlySpan<double> history)
    {
        double sum = 0;
        var count = 0;
        foreach (var value in history)
        {
            if (double.IsNaN(value)) continue;
            sum += value;
            count++;
        }

        var noise = count > 0 ? Within / count : double.PositiveInfinity;
        var trust = count == 0 ? 0 : Between + noise > 0 ? Between / (Between + noise) : 1;
        return (trust * (count > 0 ? sum / count : 0) + (1 - trust) * Rate, Within, Between * (1 - trust));
    }
}

/// <summary>The levels of all groups and of the groups above them.</summary>
internal sealed class GroupDemands(IReadOnlyList<GroupDemand> levels)
{
    private const int FewestParts = 5;

    private readonly Dictionary<(int, string), GroupDemand> _levels = levels.ToDictionary(level => (level.Season, level.Path));

    /// <summary>In order of season and path.</summary>
    public IReadOnlyList<GroupDemand> All => levels;

    /// <summary>Learns from parts with at least <see cref="PartEvidence.FewestObserved"/> observed periods.</summary>
    /// <param name="parts">In a fixed order: sums depend on it.</param>
    public static GroupDemands Learn(IEnumerable<(PartHistory Part, double[] History)> parts)
    {
        var sums = new SortedDictionary<(int Season, string Path), (int Parts, double Rate, double Squares, double Within, double Noise)>(
            Comparer<(int Season, string Path)>.Create((a, b) => a.Season != b.Season ? a.Season.CompareTo(b.Season) : string.CompareOrdinal(a.Path, b.Path)));
        foreach (var (part, history) in parts)
        {
            var season = Math.Max(1, part.Season);
            var periods = Math.Min(history.Length, season > 1 ? season : 12);
            if (part.Discontinued || Moments(history.AsSpan(history.Length - periods)) is not { } moments) continue;
            foreach (var path in Paths(part.Group))
            {
                var sum = sums.GetValueOrDefault((season, path));
                sums[(season, path)] = (sum.Parts + 1, sum.Rate + moments.Mean, sum.Squares + moments.Mean * moments.Mean,
                    sum.Within + moments.Variance, sum.Noise + moments.Variance / moments.Count);
            }
        }

        return new([.. sums.Where(s => s.Value.Parts >= FewestParts || s.Key.Path.Length == 0).Select(s =>
        {
            var (n, rate) = (s.Value.Parts, s.Value.Rate / s.Value.Parts);
            var between = Math.Max(0, s.Value.Squares / n - rate * rate - s.Value.Noise / n); // what is left after the noise of the means
            return new GroupDemand(s.Key.Season, s.Key.Path, n, rate, between, s.Value.Within / n);
        })]);
    }

    /// <summary>The nearest group above a part that is known, or null when nothing of its season is.</summary>
    public GroupDemand? Find(int season, string group)
    {
        foreach (var path in Paths(group))
            if (_levels.TryGetValue((season, path), out var level)) return level;
        return null;
    }

    // brakes/pads/ -> brakes/pads/, brakes/, (empty)
    private static IEnumerable<string> Paths(string group)
    {
        var end = group.Length;
        if (end > 0 && group[^1] != '/') yield return group;
        while ((end = end > 0 ? group.LastIndexOf('/', end - 1) : -1) >= 0) yield return group[..(end + 1)];
        yield return "";
    }

    private static (double Mean, double Variance, int Count)? Moments(ReadOnlySpan<double> history)
    {
        var count = 0;
        double mean = 0, squares = 0;
        foreach (var value in history)
        {
            if (double.IsNaN(value)) continue;
            count++;
            var difference = value - mean;
            mean += difference / count;
            squares += difference * (value - mean);
        }

        return count >= PartEvidence.FewestObserved ? (mean, squares / (count - 1), count) : null;
    }
}
