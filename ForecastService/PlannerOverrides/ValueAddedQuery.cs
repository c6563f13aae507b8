using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Shabou.Forecasting;
using Shabou.Schema;

namespace Shabou.ForecastService.PlannerOverrides;

/// <summary>Reads demand that has arrived together with what was expected of it before.</summary>
internal static class ValueAddedQuery
{
    // Of each period the newest stored forecast that begins at or before it, and so did not know it. The naive forecast is the last demand before that.
    private const string Query = """
        WITH compared AS (
            SELECT DISTINCT ON (s.id, o.period) s.id, s.sku, s.frequency, o.period, o.quantity, f.first_period, f.mean
            FROM forecast.demand_series s
            JOIN forecast.demand_observations o ON o.series_id = s.id AND o.in_stock AND o.period >= (SELECT min(first_period) FROM forecast.forecasts)
                AND (@from IS NULL OR o.period >= @from) AND (@to IS NULL OR o.period <= @to)
            JOIN forecast.forecasts f ON f.sku = s.sku AND f.frequency = s.frequency AND f.first_period <= o.period
            WHERE @sku IS NULL OR s.sku = @sku
            ORDER BY s.id, o.period, f.first_period DESC, f.model_version_id DESC)
        SELECT c.quantity,
            (SELECT o.quantity FROM forecast.demand_observations o WHERE o.series_id = c.id AND o.in_stock AND o.period < c.first_period ORDER BY o.period DESC LIMIT 1),
            c.mean[1 + CASE c.frequency
                WHEN 'Y' THEN date_part('year', c.period) - date_part('year', c.first_period)
                WHEN 'Q' THEN (date_part('year', c.period) - date_part('year', c.first_period)) * 4 + (date_part('month', c.period) - date_part('month', c.first_period)) / 3
                WHEN 'M' THEN (date_part('year', c.period) - date_part('year', c.first_period)) * 12 + date_part('month', c.period) - date_part('month', c.first_period)
                WHEN 'W' THEN (c.period - c.first_period) / 7
                ELSE c.period - c.first_period END::int],
            p.quantity
        FROM compared c LEFT JOIN forecast.forecast_overrides p ON p.sku = c.sku AND p.period = c.period
        ORDER BY c.sku, c.period
        """;

    /// <param name="sku">One part; null: all.</param>
    /// <param name="from">First day of the first period; null: from the first that was forecast.</param>
    /// <param name="to">First day of the last period; null: to the last with demand.</param>
    public static Task<ForecastValueAddedView> RunAsync(ShabouContext context, string? sku, DateOnly? from, DateOnly? to, CancellationToken cancellationToken) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            await context.Database.OpenConnectionAsync(token);
            try
            {
                await using var command = new NpgsqlCommand(Query, (NpgsqlConnection)context.Database.GetDbConnection())
                {
                    CommandTimeout = 60,
                    Parameters =
                    {
                        new("sku", NpgsqlDbType.Text) { Value = (object?)sku ?? DBNull.Value }, new("from", NpgsqlDbType.Date) { Value = (object?)from ?? DBNull.Value },
                        new("to", NpgsqlDbType.Date) { Value = (object?)to ?? DBNull.Value },
                    },
                };
                return await ReadAsync(command, token);
            }
            finally
            {
                await context.Database.CloseConnectionAsync();
            }
        }, cancellationToken);

    private static async Task<ForecastValueAddedView> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<double>[] { [], [], [], [] };
        var overridden = new List<double>[] { [], [], [], [] };
        while (await rows.ReadAsync(cancellationToken))
            for (var i = 0; i < all.Length; i++)
            {
                var value = rows.IsDBNull(i) ? double.NaN : rows.GetDouble(i);
                all[i].Add(value);
                if (!rows.IsDBNull(3)) overridden[i].Add(value);
            }

        return new ForecastValueAddedView(Of(all), Of(overridden));

        static ValueAdded Of(List<double>[] columns) =>
            ValueAdded.Of(ForecastValueAdded.Of(columns[0].ToArray(), columns[1].ToArray(), columns[2].ToArray(), columns[3].ToArray()));
    }
}
