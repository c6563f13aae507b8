namespace Shabou.CatalogApi.Products;

/// <summary>Corrects words that no part has.</summary>
internal static class Spelling
{
    private const int Alternatives = 3;

    /// <summary>The candidates with the fewest typing errors, at most three; the word itself when none is near enough: one error in words of
    /// up to five letters, two in longer ones.</summary>
    public static IReadOnlyList<string> Correct(string word, IEnumerable<string> candidates)
    {
        var near = candidates.Select(c => (Word: c, Errors: Errors(word, c))).Where(c => c.Errors <= (word.Length <= 5 ? 1 : 2)).ToList();
        return near.Count == 0 ? [word] : [.. near.OrderBy(c => c.Errors).ThenBy(c => c.Word, StringComparer.Ordinal).Take(Alternatives).Select(c => c.Word)];
    }

    /// <summary>Insertions, deletions, replacements and exchanges of neighbours that turn one word into the other (optimal string alignment:
    /// Damerau, CACM 7(3), 1964).</summary>
    internal static int Errors(string a, string b)
    {
        var distances = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) distances[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) distances[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = distances[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                distances[i, j] = Math.Min(replaced, 1 + Math.Min(distances[i - 1, j], distances[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) distances[i, j] = Math.Min(distances[i, j], distances[i - 2, j - 2] + 1);
            }
        }
        return distances[a.Length, b.Length];
    }
}
