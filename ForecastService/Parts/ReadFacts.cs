using Npgsql;
using NpgsqlTypes;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Parts;

/// <summary>What is known of parts beside their demand.</summary>
/// <param name="Parts">The catalog's, by SKU.</param>
/// <param name="Plans">For all warehouses, by SKU.</param>
/// <param name="Promotions">In order of kind and first day.</param>
internal sealed record Facts(IReadOnlyDictionary<string, PartFact> Parts, IReadOnlyDictionary<string, PlanningParameters> Plans, IReadOnlyList<PromotedDays> Promotions);

/// <summary>Reads <see cref="Facts"/>: commands that join the caller's batch, and their results.</summary>
internal static class ReadFacts
{
    /// <summary>A part and all that it replaces, one after the other; to be followed by a statement that reads it.</summary>
    public const string Family = """
        WITH RECURSIVE family AS (
            SELECT id, sku FROM catalog.products WHERE sku = @sku
            UNION SELECT p.id, p.sku FROM catalog.products p JOIN family f ON p.replaced_by_id = f.id)

        """;

    private const string Parts = """
        SELECT p.sku, c.path, catalog.effective_price(p.id, p.price_amount, p.price_set_after), p.deleted_at IS NOT NULL, r.sku
        FROM catalog.products p JOIN catalog.categories c ON c.id = p.category_id LEFT JOIN catalog.products r ON r.id = p.replaced_by_id
        """;

    // What replaces the part, one after the other: to the end of the chain.
    private const string Heirs = """
        , heirs AS (
            SELECT replaced_by_id AS id FROM catalog.products WHERE sku = @sku AND replaced_by_id IS NOT NULL
            UNION SELECT p.replaced_by_id FROM catalog.products p JOIN heirs h ON p.id = h.id WHERE p.replaced_by_id IS NOT NULL)

        """;

    private const string Plans = """
        SELECT sku, lead_time_days, review_days, unit_cost, discontinued FROM forecast.planning_parameters WHERE warehouse = ''
        """;

    private const string Promotions = "SELECT sku, group_path, kind, from_day, to_day FROM forecast.promotions";

    /// <param name="sku">One part with what it replaces and what replaces it; null: all.</param>
    public static void Add(NpgsqlBatch batch, string? sku)
    {
        Add(sku is null ? Parts : Family + Heirs + Parts + " WHERE p.id IN (SELECT id FROM family UNION SELECT id FROM heirs)");
        Add(sku is null ? Plans : Plans + " AND sku = @sku");
        Add(Promotions + (sku is null ? "" : " WHERE sku = @sku OR group_path IS NOT NULL") + " ORDER BY kind, from_day, to_day, id");

        void Add(string sql)
        {
            var command = new NpgsqlBatchCommand(sql);
            if (sku is not null) command.Parameters.Add(new("sku", NpgsqlDbType.Text) { Value = sku });
            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>Reads the three results, of which the first is the current one.</summary>
    public static async Task<Facts> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<string, PartFact>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
            parts.Add(rows.GetString(0), new(rows.GetString(0), rows.GetString(1), rows.GetDecimal(2), rows.GetBoolean(3), rows.IsDBNull(4) ? null : rows.GetString(4)));
        await rows.NextResultAsync(cancellationToken);
        var plans = new Dictionary<string, PlanningParameters>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
            plans.Add(rows.GetString(0), new()
            {
                Sku = rows.GetString(0), Warehouse = "", LeadTimeDays = rows.IsDBNull(1) ? null : rows.GetInt32(1), ReviewDays = rows.IsDBNull(2) ? null : rows.GetInt32(2),
                UnitCost = rows.IsDBNull(3) ? null : rows.GetDecimal(3), Discontinued = rows.IsDBNull(4) ? null : rows.GetBoolean(4), ChangedBy = "", UpdatedAt = default,
            });
        await rows.NextResultAsync(cancellationToken);
        var promotions = new List<PromotedDays>();
        while (await rows.ReadAsync(cancellationToken))
            promotions.Add(new(rows.IsDBNull(0) ? null : rows.GetString(0), rows.IsDBNull(1) ? null : rows.GetString(1), rows.GetString(2),
                rows.GetFieldValue<DateOnly>(3), rows.GetFieldValue<DateOnly>(4)));
        return new Facts(parts, plans, promotions);
    }
}
