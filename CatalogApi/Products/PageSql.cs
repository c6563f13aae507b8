using Npgsql;

namespace Shabou.CatalogApi.Products;

/// <summary>A statement and the values that a client gave.</summary>
internal sealed record PageSql(string Text, NpgsqlParameter[] Parameters)
{
    /// <summary>Words that are common fill a page from so many neighbours; words that do not are rare, and the index has few parts for them.
    /// PostgreSQL cannot know which: words are not independent. So it looks at the neighbours first, and both ways are short.</summary>
    private const int Near = 5_000;

    /// <summary>One page and the row after it. The LIMIT stands inside, so that prices are looked up for the page only.</summary>
    public static PageSql Of(ProductFilter filter, FilterSql condition, ListPosition after, int size, string language)
    {
        List<NpgsqlParameter> parameters = [.. condition.Parameters, new("take", size + 1)];
        var isNext = after.Id != default;
        if (isNext) parameters.Add(new("afterId", after.Id));
        var name = ProductSql.NameIn(language);
        if (filter.IsByPrice)
        {
            if (isNext) parameters.Add(new("afterPrice", after.Price ?? 0));
            AddRange(filter, parameters);
            return new(
                $"""
                SELECT p.card, {name}, p.vat_rate, m.price, p.id FROM (
                    {ByPrice(filter, condition, "@take", isNext)}
                ) m JOIN catalog.products p ON p.id = m.id ORDER BY m.price{filter.Direction}, m.id{filter.Direction}
                """, [.. parameters]);
        }
        var columns = $"p.card, {name}, p.vat_rate, {ProductSql.EffectivePrice}, p.id";
        var keyset = isNext ? $" AND p.id {(filter.IsDescending ? "<" : ">")} @afterId" : "";
        return new(condition.HasWords
            ? $"""
              WITH near AS MATERIALIZED (
                  SELECT * FROM (SELECT * FROM catalog.products p WHERE true{keyset} ORDER BY p.id{filter.Direction} LIMIT {Near}) p WHERE {condition.All} ORDER BY p.id{filter.Direction} LIMIT @take)
              SELECT {columns} FROM (
                  SELECT * FROM near WHERE (SELECT count(*) FROM near) = @take
                  UNION ALL
                  (SELECT * FROM catalog.products p WHERE {condition.All}{keyset} AND (SELECT count(*) FROM near) < @take ORDER BY uuid_send(p.id){filter.Direction} LIMIT @take)
              ) p ORDER BY p.id{filter.Direction}
              """
            : $"""
              SELECT {columns} FROM (SELECT * FROM catalog.products p WHERE {condition.All}{keyset} ORDER BY p.id{filter.Direction} LIMIT @take) p ORDER BY p.id{filter.Direction}
              """, [.. parameters]);
    }

    /// <summary>Ids and prices in the order of the prices that count. They lie in several places, each in order: the prices set by hand that no
    /// list overrides, and each supplier's current list where no newer one overrides it. The first of each, merged, are the first of all.</summary>
    public static string ByPrice(ProductFilter filter, FilterSql condition, string limit, bool isNext, string? where = null)
    {
        where ??= condition.All;
        return $"""
            SELECT id, brand_id, category_id, price FROM (
                (SELECT p.id, p.brand_id, p.category_id, p.price_amount AS price FROM catalog.products p
                 WHERE {where}{Range("p.price_amount", "p.id")}
                   AND NOT EXISTS (SELECT FROM catalog.prices n JOIN catalog.suppliers t ON t.current_list_number = n.price_list_number WHERE n.product_id = p.id AND n.price_list_number > p.price_set_after)
                 ORDER BY p.price_amount{filter.Direction}, p.id{filter.Direction} LIMIT {limit})
                UNION ALL
                SELECT c.* FROM catalog.suppliers s CROSS JOIN LATERAL (
                    SELECT p.id, p.brand_id, p.category_id, l.amount AS price FROM catalog.prices l JOIN catalog.products p ON p.id = l.product_id
                    WHERE l.price_list_number = s.current_list_number AND l.price_list_number > p.price_set_after AND {where}{Range("l.amount", "l.product_id")}
                      AND NOT EXISTS (SELECT FROM catalog.prices n JOIN catalog.suppliers t ON t.current_list_number = n.price_list_number WHERE n.product_id = l.product_id AND n.price_list_number > l.price_list_number)
                    ORDER BY l.amount{filter.Direction}, l.product_id{filter.Direction} LIMIT {limit}) c
                WHERE s.current_list_number IS NOT NULL
            ) every ORDER BY price{filter.Direction}, id{filter.Direction} LIMIT {limit}
            """;

        string Range(string price, string id) =>
            (filter.MinPrice is null ? "" : $" AND {price} >= @minPrice") + (filter.MaxPrice is null ? "" : $" AND {price} <= @maxPrice")
            + (isNext ? $" AND ({price}, {id}) {(filter.IsDescending ? "<" : ">")} (@afterPrice, @afterId)" : "");
    }

    public static void AddRange(ProductFilter filter, List<NpgsqlParameter> parameters)
    {
        if (filter.MinPrice is { } min) parameters.Add(new("minPrice", min));
        if (filter.MaxPrice is { } max) parameters.Add(new("maxPrice", max));
    }
}
