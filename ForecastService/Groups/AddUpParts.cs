using Shabou.ForecastService.Demand;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Groups;

/// <summary>A part's forecast as groups add it up.</summary>
/// <param name="Path">Of its category.</param>
/// <param name="First">Number of the first step's period.</param>
/// <param name="Overrides">The planner's quantities by number of period.</param>
internal sealed record GroupedPart(string Path, char Frequency, int First, double[] Mean, IReadOnlyDictionary<int, double> Overrides)
{
    /// <summary>What the forecast was made from; null where it was not read.</summary>
    public PartHistory? History { get; init; }

    /// <summary>Expected in the period with this number, at or after <see cref="First"/>; beyond the last step as in the last.</summary>
    public double MeanAt(int period) => Mean[Math.Min(period - First, Mean.Length - 1)];
}

/// <summary>Bottom-up: every group is the sum of the parts below it, so that all levels agree. A pure function.</summary>
internal static class AddUpParts
{
    /// <param name="parts">In any order; sums do not depend on it when they come in one order.</param>
    /// <param name="under">Path of the group that was asked for; groups above it are left out.</param>
    /// <returns>In order of path, then of frequency. A group's steps begin after the newest history among its parts, for as many periods as the longest
    /// forecast has; a part that ended earlier counts with its later steps, and beyond them with its last.</returns>
    public static List<GroupForecast> Of(IEnumerable<GroupedPart> parts, string under)
    {
        var groups = new SortedDictionary<(string Path, char Frequency), List<GroupedPart>>(Comparer<(string Path, char Frequency)>.Create(
            (one, other) => string.CompareOrdinal(one.Path, other.Path) is var order and not 0 ? order : one.Frequency.CompareTo(other.Frequency)));
        foreach (var part in parts)
            foreach (var path in Above(part.Path, under))
            {
                if (!groups.TryGetValue((path, part.Frequency), out var members)) groups.Add((path, part.Frequency), members = []);
                members.Add(part);
            }

        return [.. groups.Select(group => Sum(group.Key.Path, group.Key.Frequency, group.Value))];
    }

    private static GroupForecast Sum(string path, char frequency, List<GroupedPart> members)
    {
        var first = members.Max(p => p.First);
        var statistical = new double[members.Max(p => p.Mean.Length)];
        var planned = new double[statistical.Length];
        foreach (var part in members)
            for (var step = 0; step < statistical.Length; step++)
            {
                var mean = part.MeanAt(first + step);
                statistical[step] += mean;
                planned[step] += part.Overrides.GetValueOrDefault(first + step, mean);
            }

        return new GroupForecast(path, frequency, members.Count,
            [.. statistical.Select((mean, step) => new GroupStep(Periods.StartOf(frequency, first + step), planned[step], mean))]);
    }

    /// <summary>The groups that a part belongs to: its category and those above it, down from the asked one.</summary>
    private static IEnumerable<string> Above(string path, string under)
    {
        for (var end = under.Length; ; end = path.IndexOf('/', end) + 1)
        {
            yield return path[..end];
            if (end >= path.Length) yield break;
        }
    }
}
