using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.ForecastService.Planning;
using Shabou.Schema;

namespace Shabou.ForecastService.Replenishment;

/// <summary>Pages of the list. Places come from the kept order; the figures of each page are read anew.</summary>
internal sealed class ReplenishmentList(ShabouContext context, Rankings rankings, IOptions<PlanningOptions> planning)
{
    /// <param name="version">The model version.</param>
    /// <param name="warehouse">Only its lines; null: all.</param>
    /// <param name="level">Service level for all; null: as planned.</param>
    /// <param name="after">Place of the last line of the page before; null: the first page.</param>
    /// <param name="count">Lines at most.</param>
    /// <param name="cancellationToken">The request's.</param>
    public Task<List<(RankedLine Place, ReplenishmentLine Line)>> ReadAsync(
        Guid version, string? warehouse, double? level, RankedLine? after, int count, CancellationToken cancellationToken) =>
        OnConnectionAsync(async (connection, token) =>
        {
            var ranking = await rankings.FindAsync(connection, version, level, again: after is null, token);
            var places = ranking.After(after, warehouse, count);
            var parts = await ReadParts.RunAsync(connection, version, [.. places.Select(p => p.Sku).Distinct()], token);
            var lines = parts.SelectMany(part => ProposeOrders.Of(part, planning.Value, level)).ToDictionary(line => (line.Sku, line.Warehouse));
            // A line that is gone since was of a warehouse or a version that is.
            return places.Where(p => lines.ContainsKey((p.Sku, p.Warehouse))).Select(p => (p, lines[(p.Sku, p.Warehouse)])).ToList();
        }, cancellationToken);

    /// <summary>One part.</summary>
    /// <returns>Null when the version has no forecast of it.</returns>
    public Task<PartToOrder?> FindAsync(Guid version, string sku, CancellationToken cancellationToken) =>
        OnConnectionAsync(async (connection, token) => (await ReadParts.RunAsync(connection, version, [sku], token)).SingleOrDefault(), cancellationToken);

    private Task<T> OnConnectionAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            await context.Database.OpenConnectionAsync(token);
            try
            {
                return await read((NpgsqlConnection)context.Database.GetDbConnection(), token);
            }
            finally
            {
                await context.Database.CloseConnectionAsync();
            }
        }, cancellationToken);
}
