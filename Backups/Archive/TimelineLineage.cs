using System.Globalization;

namespace Shabou.Backups.Archive;

/// <summary>How a server came from one timeline to the next: each restore and each promotion begins one.</summary>
internal sealed class TimelineLineage
{
    // Ascending; the moment each began, the first at 0.
    private readonly List<(int Timeline, ulong From)> _line = [];

    /// <summary>The newest line of history that goes through this timeline.</summary>
    /// <param name="histories">Files named by their timeline; each lists its ancestors and where they were left.</param>
    /// <param name="through">The timeline of a backup.</param>
    public static TimelineLineage Read(IEnumerable<string> histories, int through)
    {
        var lineage = new TimelineLineage();
        foreach (var file in histories.OrderDescending(StringComparer.Ordinal))
        {
            if (!int.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var newest)) continue;
            var left = new List<(int Timeline, ulong Left)>();
            foreach (var line in File.ReadLines(file))
                if (line.Split('\t', ' ') is [var ancestor, var position, ..] && int.TryParse(ancestor, NumberStyles.None, CultureInfo.InvariantCulture, out var timeline) && position.Contains('/', StringComparison.Ordinal))
                    left.Add((timeline, WalSegment.Position(position)));
            if (newest != through && left.All(entry => entry.Timeline != through)) continue;
            var from = 0ul;
            foreach (var (timeline, end) in left)
            {
                lineage._line.Add((timeline, from));
                from = end;
            }
            lineage._line.Add((newest, from));
            return lineage;
        }
        lineage._line.Add((through, 0));
        return lineage;
    }

    public bool Has(int timeline) => _line.Any(entry => entry.Timeline == timeline);

    /// <summary>Whether the timeline's file of the segment that begins at this position belongs to the line.</summary>
    public bool Wrote(int timeline, ulong position, long size)
    {
        var index = _line.FindIndex(entry => entry.Timeline == timeline);
        if (index < 0) return false;
        var end = index + 1 < _line.Count ? _line[index + 1].From : ulong.MaxValue;
        return position < end && position + (ulong)size > _line[index].From;
    }

    /// <summary>The timeline that wrote this position.</summary>
    public int At(ulong position) => _line.Last(entry => entry.From <= position).Timeline;
}
