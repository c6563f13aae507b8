using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Shabou.CatalogApi.Audit;
using Shabou.Schema;

namespace Shabou.CatalogApi.Prices;

/// <summary>Moves a supplier's pointer from one list to another, and with it everything that follows from prices, in one statement.</summary>
/// <remarks>The caller holds the locks of <see cref="PriceListLocks"/>: nobody else changes a price, a pointer or a sum meanwhile.</remarks>
internal static class MovePriceList
{
    // "move" has one row or none: supplier_id, old, new (numbers, or null) and the number under which the index is noted.
    // A part's price before and after: the supplier's own row unless another current list, or a price set by hand later, stands over it.
    // Looked up part by part in the order of ids, which is that of the table, and in the few lists that count: old generations cost nothing.
    private const string Follow = """
        , clock AS MATERIALIZED (SELECT clock_timestamp() AS at)
        , parts AS MATERIALIZED (
            SELECT r.product_id, max(r.amount) FILTER (WHERE NOT r.is_new) AS old_amount, max(r.amount) FILTER (WHERE r.is_new) AS new_amount
            FROM move CROSS JOIN LATERAL (
                SELECT product_id, amount, false AS is_new FROM catalog.prices WHERE price_list_number = move.old
                UNION ALL SELECT product_id, amount, true FROM catalog.prices WHERE price_list_number = move.new) AS r
            GROUP BY r.product_id ORDER BY r.product_id)
        , others AS MATERIALIZED (
            SELECT array_agg(s.current_list_number) AS numbers FROM catalog.suppliers s JOIN move ON move.supplier_id <> s.id WHERE s.current_list_number IS NOT NULL)
        , change AS MATERIALIZED (
            SELECT p.brand_id, p.category_id, sum(p.base_quantity * (
                CASE WHEN parts.new_amount IS NOT NULL AND move.new > greatest(p.price_set_after, other.number) THEN parts.new_amount ELSE coalesce(other.amount, p.price_amount) END
                - CASE WHEN parts.old_amount IS NOT NULL AND move.old > greatest(p.price_set_after, other.number) THEN parts.old_amount ELSE coalesce(other.amount, p.price_amount) END)) AS delta
            FROM move CROSS JOIN parts
            CROSS JOIN LATERAL (
                SELECT brand_id, category_id, base_quantity, price_amount, price_set_after FROM catalog.products WHERE id = parts.product_id AND deleted_at IS NULL LIMIT 1) AS p
            LEFT JOIN LATERAL (
                SELECT o.price_list_number AS number, o.amount FROM unnest((SELECT numbers FROM others)) AS n JOIN catalog.prices o ON o.product_id = parts.product_id AND o.price_list_number = n
                WHERE n > p.price_set_after
                ORDER BY o.price_list_number DESC LIMIT 1) AS other ON true
            GROUP BY p.brand_id, p.category_id)
        , kept AS (
            UPDATE catalog.assortments a SET current_value = a.current_value + change.delta
            FROM change WHERE a.brand_id = change.brand_id AND a.category_id = change.category_id AND change.delta <> 0)
        , sums AS MATERIALIZED (
            SELECT a.brand_id, a.category_id, a.base_value, a.current_value + coalesce(change.delta, 0) AS current_value, coalesce(change.delta, 0) <> 0 AS changed
            FROM catalog.assortments a LEFT JOIN change ON change.brand_id = a.brand_id AND change.category_id = a.category_id)
        , tree AS MATERIALIZED (SELECT c.id, above.id AS above_id FROM catalog.categories c JOIN catalog.categories above ON starts_with(c.path, above.path))
        , points AS (
            INSERT INTO catalog.price_index_points (at, price_list_number, brand_id, category_id, base_value, current_value)
            SELECT clock.at, move.number, g.brand_id, g.category_id, g.base_value, g.current_value
            FROM move CROSS JOIN clock CROSS JOIN (
                SELECT brand_id, NULL::uuid AS category_id, sum(base_value) AS base_value, sum(current_value) AS current_value, bool_or(changed) AS changed
                FROM sums GROUP BY GROUPING SETS ((brand_id), ())
                UNION ALL
                SELECT sums.brand_id, tree.above_id, sum(base_value), sum(current_value), bool_or(changed)
                FROM sums JOIN tree ON tree.id = sums.category_id GROUP BY GROUPING SETS ((sums.brand_id, tree.above_id), (tree.above_id))) AS g
            WHERE g.changed OR (g.brand_id IS NULL AND g.category_id IS NULL))
        , pointer AS (
            UPDATE catalog.suppliers s SET current_list_number = move.new, changed_by = @actor, changed_trace = @trace
            FROM move WHERE s.id = move.supplier_id)
        """;

    private const string Apply = $"""
        WITH move AS MATERIALIZED (
            SELECT s.id AS supplier_id, s.current_list_number AS old, @number AS new, @number AS number
            FROM catalog.price_lists l JOIN catalog.suppliers s ON s.id = l.supplier_id WHERE l.id = @list AND l.state = 'Uploaded')
        {Follow}
        UPDATE catalog.price_lists l SET state = 'Applied', number = move.number, previous_number = move.old, applied_at = clock.at, rows_applied = @applied, rows_refused = l.rows_read - @applied
        FROM move CROSS JOIN clock WHERE l.id = @list
        """;

    // Back to the supplier's newest list that was not itself rolled back.
    private const string RollBack = $"""
        WITH move AS MATERIALIZED (
            SELECT s.id AS supplier_id, l.number AS old, l.number AS number,
                (SELECT max(b.number) FROM catalog.price_lists b WHERE b.supplier_id = l.supplier_id AND b.state = 'Applied' AND b.number < l.number) AS new
            FROM catalog.price_lists l JOIN catalog.suppliers s ON s.current_list_number = l.number AND s.id = l.supplier_id WHERE l.id = @list AND l.state = 'Applied')
        {Follow}
        UPDATE catalog.price_lists l SET state = 'RolledBack', rolled_back_at = clock.at FROM move CROSS JOIN clock WHERE l.id = @list
        """;

    /// <summary>Makes the list the one that counts.</summary>
    /// <returns>False when it was not waiting for this.</returns>
    public static async Task<bool> ApplyAsync(this ShabouContext context, Guid list, int number, int rowsApplied, string actor, CancellationToken cancellationToken) =>
        await context.Database.ExecuteSqlRawAsync(Apply, [new NpgsqlParameter<int>("number", number), new NpgsqlParameter<int>("applied", rowsApplied), .. Who(list, actor)], cancellationToken) == 1;

    /// <summary>Makes the list before it count again, or none.</summary>
    /// <returns>False when the list was not the supplier's current one.</returns>
    public static async Task<bool> RollBackAsync(this ShabouContext context, Guid list, string actor, CancellationToken cancellationToken) =>
        await context.Database.ExecuteSqlRawAsync(RollBack, Who(list, actor), cancellationToken) == 1;

    private static NpgsqlParameter[] Who(Guid list, string actor) =>
    [
        new NpgsqlParameter<Guid>("list", list), new("actor", NpgsqlDbType.Varchar) { Value = actor },
        new("trace", NpgsqlDbType.Varchar) { Value = (object?)AuditActor.Trace ?? DBNull.Value },
    ];
}
