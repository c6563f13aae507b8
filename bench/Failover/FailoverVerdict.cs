using System.Diagnostics;
using Npgsql;

namespace Shabou.Bench.Failover;

/// <summary>What clients were told, against what the promoted server has.</summary>
internal sealed record FailoverVerdict(int Brands, int LostBrands, int Orders, int LostOrders, int NotDone)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    public bool IsClean => LostBrands + LostOrders + NotDone == 0;

    public static async Task<FailoverVerdict> ReadAsync(NpgsqlDataSource database, FailoverLoad load)
    {
        var brands = load.Brands.ToArray();
        var (lists, jobs) = (load.Orders.Select(o => o.List).ToArray(), load.Orders.Select(o => o.Job).ToArray());
        var lostBrands = await CountAsync(database, "SELECT count(*) FROM unnest($1) AS told(slug) WHERE slug NOT IN (SELECT slug FROM catalog.brands)", brands);
        var lostOrders = await CountAsync(database, "SELECT count(*) FROM unnest($1) AS told(id) WHERE id NOT IN (SELECT id FROM catalog.price_lists)", lists);
        // Jobs go on by themselves; each must end, and its list have a number of its own.
        var clock = Stopwatch.StartNew();
        while (await CountAsync(database, "SELECT count(*) FROM jobs.jobs WHERE id = ANY($1) AND state <> 'Dead'", jobs) > 0 && clock.Elapsed < s_patience) await Task.Delay(500);
        var notDone = await CountAsync(database, """
            SELECT count(*) FROM unnest($1) AS told(id)
            WHERE NOT EXISTS (SELECT FROM jobs.finished_jobs f JOIN catalog.price_lists l ON l.job_id = f.id WHERE f.id = told.id AND f.state = 'Completed' AND l.number IS NOT NULL)
            """, jobs);
        return new(brands.Length, lostBrands, lists.Length, lostOrders, notDone);
    }

    private static async Task<int> CountAsync<T>(NpgsqlDataSource database, string sql, T[] told)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = told });
        return (int)(long)(await command.ExecuteScalarAsync())!;
    }
}
