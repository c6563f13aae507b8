namespace Shabou.Forecasting;

/// <summary>Priors of the groups that are large enough to have one, and of all parts together.</summary>
/// <param name="groups">Names as in <see cref="PartHistory.Group"/>; the root, "", must be among them.</param>
internal sealed class GroupPriors(IReadOnlyDictionary<string, GammaPrior> groups)
{
    /// <summary>Fewer parts say too little about each other.</summary>
    public const int SmallestGroup = 30;

    /// <summary>Names in ordinal order, so that they are stored the same way every time.</summary>
    public string[] Names => [.. groups.Keys.Order(StringComparer.Ordinal)];

    public GammaPrior this[string name] => groups[name];

    /// <summary>The prior of the nearest group, from the part's own up to the root.</summary>
    public GammaPrior For(string group)
    {
        for (var name = group; ; name = Parent(name))
            if (groups.TryGetValue(name, out var prior)) return prior;
            else if (name.Length == 0) return new(0, 1);
    }

    /// <summary>Measures every group of <see cref="SmallestGroup"/> parts or more.</summary>
    /// <param name="members">Per group: positions of its parts, ascending.</param>
    /// <param name="demand">Per part, in lots.</param>
    public static GroupPriors Of(IReadOnlyDictionary<string, List<int>> members, DiscountedDemand[] demand)
    {
        var priors = new Dictionary<string, GammaPrior>(StringComparer.Ordinal);
        foreach (var (name, parts) in members)
            priors[name] = GammaPrior.Of([.. parts.Select(i => demand[i].Sum)], [.. parts.Select(i => demand[i].Periods)], [.. parts.Select(i => demand[i].Squares)]);
        return new(priors);
    }

    /// <summary>Positions of the parts of each group that is large enough, ancestors and the root included.</summary>
    public static Dictionary<string, List<int>> Members(IReadOnlyList<PartHistory> parts)
    {
        var members = new Dictionary<string, List<int>>(StringComparer.Ordinal) { [""] = [] };
        for (var i = 0; i < parts.Count; i++)
        {
            for (var name = parts[i].Group; name.Length > 0; name = Parent(name))
            {
                if (!members.TryGetValue(name, out var list)) members[name] = list = [];
                list.Add(i);
            }

            members[""].Add(i);
        }

        foreach (var small in members.Where(m => m.Key.Length > 0 && m.Value.Count < SmallestGroup).Select(m => m.Key).ToList()) members.Remove(small);
        return members;
    }

    // brakes/pads/ -> brakes/ -> (root)
    private static string Parent(string group) => group[..(group.AsSpan().TrimEnd('/').LastIndexOf('/') + 1)];
}
