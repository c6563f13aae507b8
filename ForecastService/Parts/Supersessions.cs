namespace Shabou.ForecastService.Parts;

/// <summary>Which part is sold in the end instead of which.</summary>
internal static class Supersessions
{
    /// <summary>Follows each chain to its end: of A replaced by B and B by C, both flow to C.</summary>
    /// <param name="replacements">Replaced SKU to replacing SKU.</param>
    /// <returns>Replaced SKU to the last of its chain. Parts of a circle, which the catalog refuses but an import might bring, replace nothing.</returns>
    public static Dictionary<string, string> Resolve(IReadOnlyDictionary<string, string> replacements)
    {
        var last = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (replaced, by) in replacements)
        {
            var end = by;
            var steps = 0;
            while (steps++ <= replacements.Count && replacements.TryGetValue(end, out var next)) end = next;
            if (steps <= replacements.Count + 1) last.Add(replaced, end);
        }

        return last;
    }
}
