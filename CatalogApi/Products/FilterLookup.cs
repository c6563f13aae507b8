using Npgsql;
using Shabou.Schema;

namespace Shabou.CatalogApi.Products;

/// <summary>The ids behind a filter's slugs, and its words, each with what it may have been meant to be.</summary>
internal sealed record FilterLookup(Guid[] Brands, Guid[] Categories, Guid Vehicle, IReadOnlyList<IReadOnlyList<string>> Words)
{
    /// <summary>What follows a word of a tsquery that stands for all words beginning with it.</summary>
    public const string Beginning = ":*";

    private const int Candidates = 50;
    private const int Completions = 20;

    public static async Task<FilterLookup> FindAsync(ProductFilter filter, ShabouContext context, CancellationToken cancellationToken)
    {
        var known = Guid.TryParse(filter.Vehicle, out var vehicle);
        // Numbers are not corrected: a similar number is another part.
        var spelt = filter.Words.Where(w => w.Length >= 3 && !w.Any(char.IsDigit)).ToArray();
        if (filter.Brands.Count == 0 && filter.Categories.Count == 0 && filter.KType is null && spelt.Length == 0)
            return new([], [], vehicle, [.. filter.Words.Select(w => new[] { w })]);

        return await context.QueryAsync(
            $"""
            SELECT 'brand', id, NULL, NULL FROM catalog.brands WHERE slug = ANY (@brands)
            UNION ALL SELECT 'category', c.id, NULL, NULL FROM catalog.categories c WHERE EXISTS (SELECT FROM catalog.categories a WHERE a.slug = ANY (@categories) AND starts_with(c.path, a.path))
            UNION ALL SELECT 'vehicle', id, NULL, NULL FROM catalog.vehicles WHERE ktype = @ktype
            UNION ALL SELECT 'completion', NULL, w, k.word FROM unnest(@words) AS w
                CROSS JOIN LATERAL (SELECT word FROM catalog.search_words WHERE word >= w COLLATE "C" AND word < (w || chr(1114109)) COLLATE "C" ORDER BY word LIMIT {Completions + 1}) AS k
            UNION ALL SELECT 'candidate', NULL, w, near.word FROM unnest(@words) AS w
                CROSS JOIN LATERAL (SELECT word FROM catalog.search_words ORDER BY word <-> w LIMIT {Candidates}) AS near
                WHERE NOT EXISTS (SELECT FROM catalog.search_words k WHERE k.word >= w COLLATE "C" AND k.word < (w || chr(1114109)) COLLATE "C")
            """,
            [
                new("brands", filter.Brands.ToArray()), new("categories", filter.Categories.ToArray()), new("words", spelt),
                new("ktype", NpgsqlTypes.NpgsqlDbType.Integer) { Value = filter.KType is { } ktype ? ktype : DBNull.Value },
            ],
            async (rows, cancellation) =>
            {
                List<Guid> brands = [], categories = [];
                List<(string Word, string Known)> completions = [], candidates = [];
                while (await rows.ReadAsync(cancellation))
                {
                    switch (rows.GetString(0))
                    {
                        case "brand": brands.Add(rows.GetGuid(1)); break;
                        case "category": categories.Add(rows.GetGuid(1)); break;
                        case "vehicle": if (!known) vehicle = rows.GetGuid(1); break;
                        case "completion": completions.Add((rows.GetString(2), rows.GetString(3))); break;
                        default: candidates.Add((rows.GetString(2), rows.GetString(3))); break;
                    }
                }
                var (longer, near) = (completions.ToLookup(c => c.Word, c => c.Known), candidates.ToLookup(c => c.Word, c => c.Known));
                return new FilterLookup([.. brands], [.. categories], vehicle, [.. filter.Words.Select(w => Meant(w, [.. longer[w]], near[w]))]);
            }, cancellationToken);
    }

    /// <summary>The word itself where parts have it, else the words that begin with it, else those it was meant to be. Words are cheaper to
    /// search than beginnings: an index has them as they are.</summary>
    private static IReadOnlyList<string> Meant(string word, IReadOnlyList<string> completions, IEnumerable<string> candidates) => completions switch
    {
        _ when word.Length < 3 || word.Any(char.IsDigit) || completions.Contains(word) => [word],
        { Count: > Completions } => [word + Beginning],
        { Count: > 0 } => completions,
        _ => Spelling.Correct(word, candidates),
    };
}
