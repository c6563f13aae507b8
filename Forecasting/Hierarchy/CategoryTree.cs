namespace Shabou.Forecasting;

/// <summary>How parts add up to categories: every beginning of a part's path is a node, the root too. Nodes come first, in ordinal order, then the
/// parts (leaves) in the order they were given.</summary>
/// <remarks>The summing matrix is kept as each leaf's list of the categories above it: its size is leaves x depth, whatever the number of categories.</remarks>
public sealed class CategoryTree
{
    private readonly int[][] _above;

    private CategoryTree(string[] categories, int[][] above) => (Categories, _above) = (categories, above);

    /// <summary>Paths of the categories; the first is the root, the empty path.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>Parts.</summary>
    public int Leaves => _above.Length;

    /// <summary>Categories and parts.</summary>
    public int Nodes => Categories.Count + Leaves;

    /// <summary>Builds the tree.</summary>
    /// <param name="groups">Per leaf its path as <see cref="PartHistory.Group"/>: <c>brakes/pads/</c>; empty: right under the root.</param>
    public static CategoryTree Of(IReadOnlyList<string> groups)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal) { "" };
        foreach (var group in groups)
            foreach (var path in PathsOf(group)) names.Add(path);
        string[] categories = [.. names];
        var positions = categories.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        return new(categories, [.. groups.Select(group => PathsOf(group).Select(path => positions[path]).ToArray())]);
    }

    /// <summary>Adds the leaves up.</summary>
    /// <param name="leaves">One value per leaf.</param>
    /// <param name="nodes">Receives <see cref="Nodes"/> values: categories, then the leaves as they are.</param>
    public void Sum(ReadOnlySpan<double> leaves, Span<double> nodes)
    {
        nodes[..Categories.Count].Clear();
        for (var leaf = 0; leaf < leaves.Length; leaf++)
            foreach (var category in _above[leaf]) nodes[category] += leaves[leaf];
        leaves.CopyTo(nodes[Categories.Count..]);
    }

    /// <summary>The categories above a leaf, the root among them.</summary>
    internal ReadOnlySpan<int> Above(int leaf) => _above[leaf];

    private static IEnumerable<string> PathsOf(string group)
    {
        yield return "";
        for (var end = group.IndexOf('/'); end >= 0; end = group.IndexOf('/', end + 1)) yield return group[..(end + 1)];
        if (group.Length > 0 && group[^1] != '/') yield return group + "/";
    }
}
