using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Shabou.Schema;

namespace Shabou.ForecastService.Demand;

/// <summary>Writes a checked batch: all of it in one transaction, or nothing.</summary>
internal sealed partial class ImportDemand(ShabouContext context, TimeProvider time, ILogger<ImportDemand> logger)
{
    // Series in order of SKU, so that two imports at once wait for each other instead of deadlocking.
    private const string Load = """
        CREATE TEMP TABLE load_series (place int PRIMARY KEY, id uuid NOT NULL, sku text COLLATE "C" NOT NULL, frequency char(1) NOT NULL, line int NOT NULL) ON COMMIT DROP;
        CREATE TEMP TABLE load_values (place int NOT NULL, period date NOT NULL, quantity double precision NOT NULL, in_stock boolean) ON COMMIT DROP;
        """;

    private const string UpsertSeries = """
        INSERT INTO forecast.demand_series (id, sku, frequency, created_at, updated_at)
        SELECT id, sku, frequency, @now, @now FROM load_series ORDER BY sku
        ON CONFLICT (sku) DO UPDATE SET updated_at = excluded.updated_at;
        ANALYZE load_series, load_values;
        """;

    private const string FindConflicts = """
        SELECT l.line, s.sku, s.frequency, l.frequency FROM load_series l JOIN forecast.demand_series s USING (sku)
        WHERE l.frequency <> s.frequency ORDER BY l.line
        """;

    // The series' rows are locked by now, so what is stored of them stays as it is read here.
    private const string UpsertValues = """
        WITH written AS (
            INSERT INTO forecast.demand_observations AS stored (series_id, period, quantity, in_stock)
            SELECT s.id, v.period, v.quantity, coalesce(v.in_stock, o.in_stock, TRUE)
            FROM load_values v JOIN load_series l USING (place) JOIN forecast.demand_series s USING (sku)
            LEFT JOIN forecast.demand_observations o ON o.series_id = s.id AND o.period = v.period
            ON CONFLICT (series_id, period) DO UPDATE SET quantity = excluded.quantity, in_stock = excluded.in_stock
            WHERE (stored.quantity, stored.in_stock) IS DISTINCT FROM (excluded.quantity, excluded.in_stock)
            RETURNING xmax = 0 AS is_new)
        SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
        """;

    // Being in stock says nothing of a period without demand; having been out of stock is worth a row, which demand may fill later.
    private const string UpsertFlags = """
        WITH written AS (
            INSERT INTO forecast.demand_observations AS stored (series_id, period, quantity, in_stock)
            SELECT s.id, v.period, coalesce(o.quantity, 0), v.in_stock
            FROM load_values v JOIN load_series l USING (place) JOIN forecast.demand_series s USING (sku)
            LEFT JOIN forecast.demand_observations o ON o.series_id = s.id AND o.period = v.period
            WHERE o.series_id IS NOT NULL OR NOT v.in_stock
            ON CONFLICT (series_id, period) DO UPDATE SET in_stock = excluded.in_stock WHERE stored.in_stock <> excluded.in_stock
            RETURNING xmax = 0 AS is_new)
        SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
        """;

    /// <summary>Writes in-stock flags; quantities stay.</summary>
    /// <inheritdoc cref="RunAsync(DemandBatch, CancellationToken)"/>
    public Task<DemandImported?> RunFlagsAsync(DemandBatch batch, CancellationToken cancellationToken) => RunAsync(batch, UpsertFlags, cancellationToken);

    /// <returns>What it did; <see langword="null"/> when stored series have another frequency, which is then noted in the batch.</returns>
    public Task<DemandImported?> RunAsync(DemandBatch batch, CancellationToken cancellationToken) => RunAsync(batch, UpsertValues, cancellationToken);

    private Task<DemandImported?> RunAsync(DemandBatch batch, string upsert, CancellationToken cancellationToken) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            await context.Database.OpenConnectionAsync(token);
            try
            {
                var connection = (NpgsqlConnection)context.Database.GetDbConnection();
                await using var transaction = await connection.BeginTransactionAsync(token);
                var imported = await WriteAsync(connection, batch, upsert, token);
                if (imported is null) return null; // disposing rolls back
                await transaction.CommitAsync(token);
                LogImported(imported.Series, imported.Observations, imported.Inserted, imported.Updated);
                return imported;
            }
            finally
            {
                await context.Database.CloseConnectionAsync();
            }
        }, cancellationToken);

    private async Task<DemandImported?> WriteAsync(NpgsqlConnection connection, DemandBatch batch, string upsert, CancellationToken cancellationToken)
    {
        await using (var load = new NpgsqlCommand(Load, connection)) await load.ExecuteNonQueryAsync(cancellationToken);
        await CopySeriesAsync(connection, batch, cancellationToken);
        await CopyValuesAsync(connection, batch, cancellationToken);
        await using (var series = new NpgsqlCommand(UpsertSeries, connection) { Parameters = { new("now", time.GetUtcNow()) } })
            await series.ExecuteNonQueryAsync(cancellationToken);
        await NoteConflictsAsync(connection, batch, cancellationToken);
        if (batch.Errors.Count > 0) return null;

        await using var values = new NpgsqlCommand(upsert, connection) { CommandTimeout = 120 };
        await using var counts = await values.ExecuteReaderAsync(cancellationToken);
        await counts.ReadAsync(cancellationToken);
        return new DemandImported(batch.Series.Count, batch.Values.Count, counts.GetInt64(0), counts.GetInt64(1));
    }

    private async Task CopySeriesAsync(NpgsqlConnection connection, DemandBatch batch, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync("COPY load_series FROM STDIN (FORMAT binary)", cancellationToken);
        for (var place = 0; place < batch.Series.Count; place++)
        {
            var (sku, frequency, line) = batch.Series[place];
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(place, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(Guid.CreateVersion7(time.GetUtcNow()), NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(sku, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(frequency.ToString(), NpgsqlDbType.Char, cancellationToken);
            await copy.WriteAsync(line, NpgsqlDbType.Integer, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task CopyValuesAsync(NpgsqlConnection connection, DemandBatch batch, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync("COPY load_values FROM STDIN (FORMAT binary)", cancellationToken);
        foreach (var (series, period, quantity, inStock) in batch.Values)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(series, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(Periods.StartOf(batch.Series[series].Frequency, period), NpgsqlDbType.Date, cancellationToken);
            await copy.WriteAsync(quantity, NpgsqlDbType.Double, cancellationToken);
            if (inStock is { } said) await copy.WriteAsync(said, NpgsqlDbType.Boolean, cancellationToken);
            else await copy.WriteNullAsync(cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task NoteConflictsAsync(NpgsqlConnection connection, DemandBatch batch, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(FindConflicts, connection);
        await using var conflicts = await command.ExecuteReaderAsync(cancellationToken);
        while (await conflicts.ReadAsync(cancellationToken))
            batch.Errors.Add(conflicts.GetInt32(0), string.Create(CultureInfo.InvariantCulture,
                $"The SKU {RowErrors.Quote(conflicts.GetString(1))} is stored with frequency {conflicts.GetString(2)}, this import says {conflicts.GetString(3)}; use one of them."));
    }

    [LoggerMessage(LogLevel.Information, "Imported demand: {Series} series, {Observations} values, {Inserted} new, {Updated} changed")]
    private partial void LogImported(int series, int observations, long inserted, long updated);
}
