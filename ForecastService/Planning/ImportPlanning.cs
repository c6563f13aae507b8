using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Shabou.ForecastService.Demand;
using Shabou.Schema;

namespace Shabou.ForecastService.Planning;

/// <summary>Writes a checked upload of plans: all of it in one transaction, or nothing.</summary>
internal sealed class ImportPlanning(ShabouContext context, TimeProvider time)
{
    private const string UnknownWarehouses = """
        SELECT l.line, l.warehouse FROM load_planning l WHERE l.warehouse <> '' AND NOT EXISTS (SELECT FROM catalog.warehouses w WHERE w.slug = l.warehouse) ORDER BY l.line
        """;

    /// <returns>What it did; <see langword="null"/> when warehouses are not known, which is then noted in the batch.</returns>
    public Task<PlanningImported?> RunAsync(PlanningBatch batch, string caller, CancellationToken cancellationToken) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            await context.Database.OpenConnectionAsync(token);
            try
            {
                var connection = (NpgsqlConnection)context.Database.GetDbConnection();
                await using var transaction = await connection.BeginTransactionAsync(token);
                var imported = await WriteAsync(connection, batch, caller, token);
                if (imported is null) return null; // disposing rolls back
                await transaction.CommitAsync(token);
                return imported;
            }
            finally
            {
                await context.Database.CloseConnectionAsync();
            }
        }, cancellationToken);

    private async Task<PlanningImported?> WriteAsync(NpgsqlConnection connection, PlanningBatch batch, string caller, CancellationToken cancellationToken)
    {
        var columns = string.Concat(batch.Columns.Select(c => $", {c.Name} {c.TypeName}"));
        await using (var load = new NpgsqlCommand($"CREATE TEMP TABLE load_planning (line int NOT NULL, sku text NOT NULL, warehouse text NOT NULL{columns}) ON COMMIT DROP", connection))
            await load.ExecuteNonQueryAsync(cancellationToken);
        await CopyAsync(connection, batch, cancellationToken);
        await NoteUnknownAsync(connection, batch.Errors, cancellationToken);
        if (batch.Errors.Count > 0) return null;

        await using var upsert = new NpgsqlCommand(Upsert(batch.Columns), connection) { CommandTimeout = 120, Parameters = { new("caller", caller), new("now", time.GetUtcNow()) } };
        await using var counts = await upsert.ExecuteReaderAsync(cancellationToken);
        await counts.ReadAsync(cancellationToken);
        return new PlanningImported(batch.Rows.Count, counts.GetInt64(0), counts.GetInt64(1));
    }

    // In order of the key, so that two uploads at once wait for each other instead of deadlocking. Names of columns are ours, never the client's.
    private static string Upsert(IReadOnlyList<PlanningColumn> columns)
    {
        var names = string.Concat(columns.Select(c => $", {c.Name}"));
        var sets = string.Concat(columns.Select(c => $"{c.Name} = excluded.{c.Name}, "));
        var changed = columns.Count == 0 ? "FALSE"
            : $"({string.Join(", ", columns.Select(c => $"stored.{c.Name}"))}) IS DISTINCT FROM ({string.Join(", ", columns.Select(c => $"excluded.{c.Name}"))})";
        return $"""
            WITH written AS (
                INSERT INTO forecast.planning_parameters AS stored (sku, warehouse{names}, changed_by, updated_at)
                SELECT sku, warehouse{names}, @caller, @now FROM load_planning ORDER BY sku COLLATE "C", warehouse COLLATE "C"
                ON CONFLICT (sku, warehouse) DO UPDATE SET {sets}changed_by = excluded.changed_by, updated_at = excluded.updated_at WHERE {changed}
                RETURNING xmax = 0 AS is_new)
            SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
            """;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, PlanningBatch batch, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync("COPY load_planning FROM STDIN (FORMAT binary)", cancellationToken);
        foreach (var row in batch.Rows)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(row.Line, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(row.Sku, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(row.Warehouse, NpgsqlDbType.Text, cancellationToken);
            for (var i = 0; i < row.Values.Length; i++)
            {
                if (row.Values[i] is { } value) await copy.WriteAsync(value, batch.Columns[i].Type, cancellationToken);
                else await copy.WriteNullAsync(cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task NoteUnknownAsync(NpgsqlConnection connection, RowErrors errors, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(UnknownWarehouses, connection);
        await using var unknown = await command.ExecuteReaderAsync(cancellationToken);
        while (await unknown.ReadAsync(cancellationToken))
            errors.Add(unknown.GetInt32(0), $"There is no warehouse {RowErrors.Quote(unknown.GetString(1))}; GET /api/v1/warehouses lists them.");
    }
}
