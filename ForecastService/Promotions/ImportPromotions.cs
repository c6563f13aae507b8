using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Shabou.ForecastService.Demand;
using Shabou.Schema;

namespace Shabou.ForecastService.Promotions;

/// <summary>Writes a checked upload of promotions: all of it in one statement, or nothing. One that is there already stays as it is.</summary>
internal sealed class ImportPromotions(ShabouContext context, TimeProvider time)
{
    private const string Insert = """
        INSERT INTO forecast.promotions (id, sku, group_path, from_day, to_day, kind, name, created_by, created_at)
        SELECT *, @caller, @now FROM unnest(@ids, @skus, @groups, @froms, @tos, @kinds, @names)
        ON CONFLICT DO NOTHING
        """;

    private const string UnknownGroups = """
        SELECT g.path FROM unnest(@groups) AS g(path) WHERE g.path IS NOT NULL AND NOT EXISTS (SELECT FROM catalog.categories c WHERE c.path = g.path)
        """;

    /// <returns>What it did; <see langword="null"/> when groups are not known, which is then noted in the batch.</returns>
    public Task<PromotionsImported?> RunAsync(PromotionBatch batch, string caller, CancellationToken cancellationToken) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            await context.Database.OpenConnectionAsync(token);
            try
            {
                var connection = (NpgsqlConnection)context.Database.GetDbConnection();
                await NoteUnknownAsync(connection, batch, token);
                return batch.Errors.Count > 0 ? null : new PromotionsImported(batch.Rows.Count, await InsertAsync(connection, batch, caller, token));
            }
            finally
            {
                await context.Database.CloseConnectionAsync();
            }
        }, cancellationToken);

    private async Task<int> InsertAsync(NpgsqlConnection connection, PromotionBatch batch, string caller, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var insert = new NpgsqlCommand(Insert, connection) { CommandTimeout = 120, Parameters = { new("caller", caller), new("now", now) } };
        Add("ids", NpgsqlDbType.Uuid, _ => Guid.CreateVersion7(now));
        Add("skus", NpgsqlDbType.Text, p => p.Sku);
        Add("groups", NpgsqlDbType.Text, p => p.Group);
        Add("froms", NpgsqlDbType.Date, p => p.From);
        Add("tos", NpgsqlDbType.Date, p => p.To);
        Add("kinds", NpgsqlDbType.Text, p => p.Kind);
        Add("names", NpgsqlDbType.Text, p => p.Name);
        return await insert.ExecuteNonQueryAsync(cancellationToken);

        void Add<T>(string name, NpgsqlDbType type, Func<PromotionWrite, T> value) =>
            insert.Parameters.Add(new(name, NpgsqlDbType.Array | type) { Value = batch.Rows.Select(row => value(row.Promotion)).ToArray() });
    }

    private static async Task NoteUnknownAsync(NpgsqlConnection connection, PromotionBatch batch, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(UnknownGroups, connection)
        {
            Parameters = { new("groups", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = batch.Rows.Select(row => row.Promotion.Group).Distinct().ToArray() } },
        };
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
            while (await rows.ReadAsync(cancellationToken)) unknown.Add(rows.GetString(0));
        foreach (var (line, promotion) in batch.Rows)
            if (promotion.Group is { } group && unknown.Contains(group))
                batch.Errors.Add(line, $"There is no category with the path {RowErrors.Quote(group)}; GET /api/v1/categories lists them.");
    }
}
