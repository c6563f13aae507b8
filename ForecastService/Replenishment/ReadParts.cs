using Npgsql;
using NpgsqlTypes;
using Shabou.ForecastService.Demand;
using Shabou.Forecasting;
using Shabou.Schema.Forecast;

namespace Shabou.ForecastService.Replenishment;

/// <summary>Reads what decides orders, in one round trip: all parts of a model version, or some.</summary>
internal static class ReadParts
{
    private const string Plans = """
        SELECT sku, warehouse, lead_time_days, review_days, target, service_level, holding_cost, shortage_cost, pack_size, minimum_order, unit_cost, on_order, demand_share, discontinued
        FROM forecast.planning_parameters p
        WHERE (warehouse = '' OR EXISTS (SELECT FROM catalog.warehouses w WHERE w.slug = p.warehouse)) AND (@skus IS NULL OR sku = ANY (@skus))
        """;

    private const string Overrides = """
        SELECT o.sku, f.frequency, o.period, o.quantity FROM forecast.forecast_overrides o
        JOIN forecast.forecasts f ON f.model_version_id = @version AND f.sku = o.sku AND o.period >= f.first_period
        WHERE @skus IS NULL OR o.sku = ANY (@skus)
        """;

    private const string Shelves = """
        SELECT p.sku, w.slug, l.on_hand, l.reserved FROM catalog.stock_levels l
        JOIN catalog.products p ON p.id = l.product_id AND p.deleted_at IS NULL JOIN catalog.warehouses w ON w.id = l.warehouse_id
        WHERE @skus IS NULL OR p.sku = ANY (@skus)
        """;

    // A part of a version that was stored before forecasts had a protection interval is not ordered.
    private const string Forecasts = """
        SELECT f.sku, f.frequency, f.first_period, f.mean, f.protection_periods, f.protection_mean, f.protection_deviation, f.protection_quantiles,
            catalog.effective_price(p.id, p.price_amount, p.price_set_after), p.deleted_at IS NOT NULL
        FROM forecast.forecasts f LEFT JOIN catalog.products p ON p.sku = f.sku COLLATE "default" -- the index of the catalog
        WHERE f.model_version_id = @version AND f.protection_quantiles IS NOT NULL AND (@skus IS NULL OR f.sku = ANY (@skus))
        ORDER BY f.sku
        """;

    /// <param name="connection">Open.</param>
    /// <param name="version">The model version.</param>
    /// <param name="skus">Which parts; null: all.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <returns>In order of SKU.</returns>
    public static async Task<List<PartToOrder>> RunAsync(NpgsqlConnection connection, Guid version, string[]? skus, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 60 };
        foreach (var sql in new[] { Plans, Overrides, Shelves, Forecasts })
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
            {
                Parameters = { new("skus", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = (object?)skus ?? DBNull.Value }, new("version", version) },
            });
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);

        var plans = new Dictionary<string, List<PlanningParameters>>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken)) Add(plans, rows.GetString(0), Plan(rows));
        await rows.NextResultAsync(cancellationToken);
        var overrides = new Dictionary<string, Dictionary<int, double>>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
        {
            if (!overrides.TryGetValue(rows.GetString(0), out var ofPart)) overrides.Add(rows.GetString(0), ofPart = []);
            ofPart[Periods.IndexOf(rows.GetChar(1), rows.GetFieldValue<DateOnly>(2))] = rows.GetDouble(3);
        }

        await rows.NextResultAsync(cancellationToken);
        var shelves = new Dictionary<string, List<Shelf>>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken)) Add(shelves, rows.GetString(0), new Shelf(rows.GetString(1), rows.GetInt32(2), rows.GetInt32(3)));
        await rows.NextResultAsync(cancellationToken);
        var parts = new List<PartToOrder>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var (sku, frequency) = (rows.GetString(0), rows.GetChar(1));
            parts.Add(new PartToOrder(sku, frequency, Periods.IndexOf(frequency, rows.GetFieldValue<DateOnly>(2)), rows.GetFieldValue<double[]>(3),
                new ProtectionDemand(rows.GetInt32(4), rows.GetDouble(5), rows.GetDouble(6), rows.GetFieldValue<double[]>(7)),
                Get<decimal>(rows, 8), rows.GetBoolean(9), Of(shelves, sku), Of(plans, sku), overrides.GetValueOrDefault(sku) ?? s_none));
        }

        return parts;
    }

    private static readonly Dictionary<int, double> s_none = [];

    private static PlanningParameters Plan(NpgsqlDataReader rows) => new()
    {
        Sku = rows.GetString(0), Warehouse = rows.GetString(1), LeadTimeDays = Get<int>(rows, 2), ReviewDays = Get<int>(rows, 3),
        Target = rows.IsDBNull(4) ? null : Enum.Parse<OrderTarget>(rows.GetString(4)), ServiceLevel = Get<double>(rows, 5),
        HoldingCost = Get<double>(rows, 6), ShortageCost = Get<double>(rows, 7), PackSize = Get<int>(rows, 8), MinimumOrder = Get<int>(rows, 9),
        UnitCost = Get<decimal>(rows, 10), OnOrder = Get<int>(rows, 11), DemandShare = Get<double>(rows, 12), Discontinued = Get<bool>(rows, 13),
        ChangedBy = "", UpdatedAt = default,
    };

    private static T? Get<T>(NpgsqlDataReader rows, int column) where T : struct => rows.IsDBNull(column) ? null : rows.GetFieldValue<T>(column);

    private static void Add<T>(Dictionary<string, List<T>> lists, string sku, T item)
    {
        if (!lists.TryGetValue(sku, out var list)) lists.Add(sku, list = []);
        list.Add(item);
    }

    private static List<T> Of<T>(Dictionary<string, List<T>> lists, string sku) => lists.GetValueOrDefault(sku) ?? [];
}
