using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Shabou.Schema;

namespace Shabou.Migrator.Demo;

/// <summary>Fills an empty catalog in Development, so that a first look shows a shop and not empty lists. Never touches a catalog with parts in it.</summary>
internal sealed partial class SeedDemo(TimeProvider time, ILogger<SeedDemo> logger)
{
    /// <summary>Only an empty catalog is filled.</summary>
    public static async Task<bool> IsWantedAsync(NpgsqlConnection owner, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT NOT EXISTS (SELECT FROM catalog.products)", owner);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    public async Task RunAsync(ShabouContext context, int parts, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var demo = new DemoCatalog(parts, now);
        var stock = new DemoStock(now);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        context.AddRange(demo.Brands);
        context.AddRange(demo.Categories);
        context.AddRange(demo.Vehicles.Values);
        context.AddRange(stock.Main, stock.Second);
        context.AddRange(stock.Suppliers);
        context.AddRange(demo.Parts.Select(p => p.Product));
        await context.SaveChangesAsync(cancellationToken);
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        await CopyFitmentsAsync(connection, demo, cancellationToken);
        await CopyStockAsync(connection, demo, stock, cancellationToken);
        await CopyDemandAsync(connection, demo, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken); // all or nothing
        LogSeeded(demo.Parts.Count);
    }

    private static async Task CopyFitmentsAsync(NpgsqlConnection connection, DemoCatalog demo, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync("COPY catalog.fitments (product_id, vehicle_id) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var (product, vehicle) in demo.Fitments) await rows.WriteRowAsync(cancellationToken, product, vehicle);
        await rows.CompleteAsync(cancellationToken);
    }

    private static async Task CopyStockAsync(NpgsqlConnection connection, DemoCatalog demo, DemoStock stock, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync("COPY catalog.stock_levels (product_id, warehouse_id, on_hand, reserved) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var (product, warehouse, onHand) in stock.Levels(demo.Parts)) await rows.WriteRowAsync(cancellationToken, product, warehouse, onHand, 0);
        await rows.CompleteAsync(cancellationToken);
    }

    /// <summary>A hundred thousand rows: COPY takes a fraction of what INSERT would.</summary>
    private static async Task CopyDemandAsync(NpgsqlConnection connection, DemoCatalog demo, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var series = demo.Parts.Select((part, i) => (Id: Guid.CreateVersion7(now.AddMilliseconds(i)), part.Product.Sku, part.Monthly)).ToList();
        await using (var rows = await connection.BeginBinaryImportAsync(
            "COPY forecast.demand_series (id, sku, frequency, created_at, updated_at) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            foreach (var (id, sku, _) in series)
                await rows.WriteRowAsync(cancellationToken, id, sku, "M", now.UtcDateTime, now.UtcDateTime);
            await rows.CompleteAsync(cancellationToken);
        }
        await using (var rows = await connection.BeginBinaryImportAsync(
            "COPY forecast.demand_observations (series_id, period, quantity, in_stock) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            foreach (var (id, sku, monthly) in series)
            {
                var demand = DemoDemand.Series(sku, monthly);
                for (var month = 0; month < demand.Length; month++)
                {
                    await rows.StartRowAsync(cancellationToken);
                    await rows.WriteAsync(id, NpgsqlDbType.Uuid, cancellationToken);
                    await rows.WriteAsync(DemoDemand.First.AddMonths(month), NpgsqlDbType.Date, cancellationToken);
                    await rows.WriteAsync(demand[month], NpgsqlDbType.Double, cancellationToken);
                    await rows.WriteAsync(true, NpgsqlDbType.Boolean, cancellationToken);
                }
            }
            await rows.CompleteAsync(cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "Seeded the demo catalog with {Parts} parts and their demand")] private partial void LogSeeded(int parts);
}
