namespace Shabou.Forecasting;

/// <summary>The groups that are large enough to speak for their parts; the root, all parts together, always is.</summary>
internal sealed class PartGroups
{
    /// <summary>Fewer parts say too little about each other.</summary>
    public const int SmallestGroup = 30;

    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);

    /// <param name="names">In ordinal order; "" is the root.</param>
    /// <exception cref="InvalidDataException">The root is not among them, or they are not in order.</exception>
    public PartGroups(string[] names)
    {
        Names = names;
        for (var i = 0; i < names.Length; i++)
            if (i > 0 && string.CompareOrdinal(names[i - 1], names[i]) >= 0) throw new InvalidDataException("Groups are not in ordinal order.");
            else _positions[names[i]] = i;
        if (!_positions.ContainsKey("")) throw new InvalidDataException("The root group is missing.");
    }

    /// <summary>Ordinal order, the root first.</summary>
    public string[] Names { get; }

    /// <summary>Groups of <see cref="SmallestGroup"/> parts or more, counting those of their subgroups.</summary>
    public static PartGroups Of(IReadOnlyList<PartHistory> parts)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in parts)
            for (var name = part.Group; name.Length > 0; name = Parent(name))
                counts[name] = counts.GetValueOrDefault(name) + 1;
        return new([.. counts.Where(count => count.Value >= SmallestGroup).Select(count => count.Key).Append("").Order(StringComparer.Ordinal)]);
    }

    /// <summary>Position of the nearest group, from the part's own up to the root.</summary>
    public int Nearest(string group)
    {
        var name = group;
        int position;
        while (!_positions.TryGetValue(name, out position)) name = Parent(name);
        return position;
    }

    /// <summary>Positions in <paramref name="parts"/> of each group's parts, those of its subgroups included, ascending.</summary>
    public List<int>[] Members(IReadOnlyList<PartHistory> parts)
    {
        var members = new List<int>[Names.Length];
        for (var i = 0; i < members.Length; i++) members[i] = [];
        for (var part = 0; part < parts.Count; part++)
        {
            for (var name = parts[part].Group; name.Length > 0; name = Parent(name))
                if (_positions.TryGetValue(name, out var position)) members[position].Add(part);
            members[0].Add(part);
        }

        return members;
    }

    // brakes/pads/ -> brakes/ -> (root)
    private static string Parent(string group) => group[..(group.AsSpan().TrimEnd('/').LastIndexOf('/') + 1)];
}
