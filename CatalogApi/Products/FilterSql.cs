using Npgsql;
using Shabou.Schema;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Products;

/// <summary>A filter as conditions on <c>catalog.products p</c>, brands and categories apart from the others.</summary>
/// <param name="Others">Every condition but those on brands and categories; at least that the part is not deleted.</param>
/// <param name="Brands">Parameter that has the brands, or null.</param>
/// <param name="Categories">Parameter that has the categories, or null.</param>
internal sealed record FilterSql(string Others, string? Brands, string? Categories, IReadOnlyList<NpgsqlParameter> Parameters)
{
    /// <summary>The whole condition.</summary>
    public string All => string.Concat(Others, Brands is null ? "" : $" AND {InBrands("p.brand_id")}", Categories is null ? "" : $" AND {InCategories("p.category_id")}");

    /// <summary>Whether nothing but brands and categories narrows the list.</summary>
    public bool IsAssortment { get; private init; }

    /// <summary>Whether words narrow the list: how many parts have them all nobody can foresee.</summary>
    public bool HasWords { get; private init; }

    public string InBrands(string column) => Brands is null ? "true" : $"{column} {Brands}";

    public string InCategories(string column) => Categories is null ? "true" : $"{column} {Categories}";

    /// <summary>Turns slugs into ids and misspelt words into known ones, so that PostgreSQL plans with the values themselves: no statement
    /// when there is nothing to look up, else one.</summary>
    public static async Task<FilterSql> ResolveAsync(ProductFilter filter, ShabouContext context, CancellationToken cancellationToken)
    {
        var conditions = new List<string> { "p.deleted_at IS NULL" };
        var parameters = new List<NpgsqlParameter>();
        var found = await FilterLookup.FindAsync(filter, context, cancellationToken);
        var brands = filter.Brands.Count > 0 ? OneOf("brand", found.Brands) : null;
        var categories = filter.Categories.Count > 0 ? OneOf("category", found.Categories) : null;
        if (found.Words.Count > 0) conditions.Add($"p.lexemes @@ {Query(found.Words)}");
        if (!string.IsNullOrEmpty(filter.Vehicle)) Add("p.id IN (SELECT f.product_id FROM catalog.fitments f WHERE f.vehicle_id = @vehicle)", "vehicle", found.Vehicle);
        if (!string.IsNullOrWhiteSpace(filter.Oem))
            Add("p.id IN (SELECT r.product_id FROM catalog.reference_numbers r WHERE r.normalised = @oem AND r.kind = 'Oe')", "oem", OeNumbers.Normalise(filter.Oem));
        if (!string.IsNullOrEmpty(filter.Gtin)) Add("p.gtin = @gtin", "gtin", filter.Gtin);
        if (filter.InStock is { } inStock)
            conditions.Add($"{(inStock ? "" : "NOT ")}EXISTS (SELECT FROM catalog.stock_levels s WHERE s.product_id = p.id AND s.on_hand > s.reserved)");
        return new(string.Join(" AND ", conditions), brands, categories, parameters) { IsAssortment = conditions.Count == 1 && !filter.HasPriceRange, HasWords = found.Words.Count > 0 };

        void Add(string condition, string name, object value)
        {
            conditions.Add(condition);
            parameters.Add(new(name, value));
        }

        // One value is an equality: an index that begins with it keeps the order of the list.
        string OneOf(string name, Guid[] ids)
        {
            parameters.Add(ids is [var only] ? new(name, only) : new(name, ids));
            return ids.Length == 1 ? $"= @{name}" : $"= ANY (@{name})";
        }

        // The same configuration as the parts' lexemes: words by their stems, French or Arabic, numbers as they are.
        string Query(IReadOnlyList<IReadOnlyList<string>> words)
        {
            var all = string.Join(" && ", words.Select((alternatives, i) => Word($"word{i}", string.Join(" | ", alternatives))));
            // A number that was typed with other separators than it is printed with.
            return words.Count > 1 && words.All(w => w[0].Length < 4 || w[0].Any(char.IsDigit)) && SearchText.Code(filter.Q!) is { Length: > 3 } code
                ? $"(({all}) || {Word("code", code)})" : $"({all})";
        }

        string Word(string name, string query)
        {
            parameters.Add(new(name, query));
            return $"to_tsquery('catalog.shop', @{name})";
        }
    }
}
