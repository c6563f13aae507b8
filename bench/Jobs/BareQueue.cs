using System.Diagnostics;
using System.Threading.Channels;
using Npgsql;

namespace Shabou.Bench.Jobs;

/// <summary>The least that a queue in PostgreSQL can be: SELECT ... FOR UPDATE SKIP LOCKED, and DELETE. No lease, no retry, no history: the limit
/// that a real queue is compared with.</summary>
internal sealed class BareQueue(string database) : IContestantQueue, IDisposable
{
    private const string Next = "SELECT id FROM bare_jobs WHERE locked_at IS NULL AND run_at <= now() ORDER BY run_at, id LIMIT $1 FOR UPDATE SKIP LOCKED";

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(database);
    private CancellationTokenSource _stop = new();
    private Task _listening = Task.CompletedTask;

    public async Task PrepareAsync() => await ExecuteAsync("""
        CREATE TABLE IF NOT EXISTS bare_jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload jsonb NOT NULL, run_at timestamptz NOT NULL DEFAULT now(), locked_at timestamptz);
        CREATE INDEX IF NOT EXISTS bare_jobs_waiting ON bare_jobs (run_at, id) WHERE locked_at IS NULL;
        TRUNCATE bare_jobs
        """);

    public Task EnqueueAsync(int jobs) => ExecuteAsync("INSERT INTO bare_jobs (payload) SELECT '{}' FROM generate_series(1, $1)", jobs);

    public async Task<TimeSpan> RunAsync(int jobs, int concurrency, string mode)
    {
        var (claim, oneTransaction) = mode switch { "1" => (1, false), "20" => (20, false), "500" => (500, false), _ => (20, true) };
        var connections = await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => _source.OpenConnectionAsync().AsTask()));
        var clock = Stopwatch.StartNew();
        var ran = await Task.WhenAll(connections.Select(connection => Task.Run(() => oneTransaction ? DrainInOneAsync(connection, claim) : DrainAsync(connection, claim, _ => { }))));
        clock.Stop();
        foreach (var connection in connections) await connection.DisposeAsync();
        if (ran.Sum() != jobs) throw new InvalidOperationException($"{ran.Sum()} of {jobs} jobs ran.");
        return clock.Elapsed;
    }

    public async Task ListenAsync(int concurrency, string mode, Action<double> onJob)
    {
        _stop.Dispose();
        _stop = new();
        var stop = _stop.Token;
        var listener = await _source.OpenConnectionAsync();
        var worker = await _source.OpenConnectionAsync();
        var woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        listener.Notification += (_, _) => woken.Writer.TryWrite(true);
        await using (var listen = new NpgsqlCommand("LISTEN bare_jobs", listener)) await listen.ExecuteNonQueryAsync();
        _listening = Task.WhenAll(WaitAsync(), WorkAsync());

        async Task WaitAsync()
        {
            await using var held = listener;
            while (!stop.IsCancellationRequested) await listener.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            woken.Writer.Complete();
        }

        async Task WorkAsync()
        {
            await using var held = worker;
            await foreach (var _ in woken.Reader.ReadAllAsync()) await DrainAsync(worker, 1, onJob);
        }
    }

    public async Task SendAsync(double sentAt) => await ExecuteAsync("WITH sent AS (INSERT INTO bare_jobs (payload) VALUES (jsonb_build_object('sentAt', $1))) SELECT pg_notify('bare_jobs', '')", sentAt);

    public async Task CloseAsync()
    {
        await _stop.CancelAsync();
        await _listening;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _source.Dispose();
    }

    /// <summary>Claims, runs and deletes until there is nothing left: two transactions for each batch.</summary>
    private static async Task<int> DrainAsync(NpgsqlConnection connection, int batch, Action<double> onJob)
    {
        await using var claim = new NpgsqlCommand($"UPDATE bare_jobs SET locked_at = now() WHERE id IN ({Next}) RETURNING id, (payload->>'sentAt')::float8", connection) { Parameters = { new() { Value = batch } } };
        await using var finish = new NpgsqlCommand("DELETE FROM bare_jobs WHERE id = ANY ($1)", connection) { Parameters = { new NpgsqlParameter<long[]>() } };
        await claim.PrepareAsync();
        var ran = 0;
        for (var claimed = new List<long>(); ; claimed.Clear())
        {
            await using (var rows = await claim.ExecuteReaderAsync())
            {
                while (await rows.ReadAsync())
                {
                    claimed.Add(rows.GetInt64(0));
                    if (!await rows.IsDBNullAsync(1)) onJob(rows.GetDouble(1));
                }
            }
            if (claimed.Count == 0) return ran;
            finish.Parameters[0].Value = claimed.ToArray();
            if (ran == 0) await finish.PrepareAsync();
            ran += await finish.ExecuteNonQueryAsync();
        }
    }

    /// <summary>The same with the rows locked until they are deleted: one transaction for each batch.</summary>
    private static async Task<int> DrainInOneAsync(NpgsqlConnection connection, int batch)
    {
        await using var claim = new NpgsqlCommand($"DELETE FROM bare_jobs WHERE id IN ({Next}) RETURNING id", connection) { Parameters = { new() { Value = batch } } };
        await claim.PrepareAsync();
        for (var ran = 0; ;)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var before = ran;
            await using (var rows = await claim.ExecuteReaderAsync())
                while (await rows.ReadAsync()) ran++;
            await transaction.CommitAsync();
            if (ran == before) return ran;
        }
    }

    private async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }
}
