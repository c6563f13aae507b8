using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Shabou.Schema;

namespace Shabou.Jobs;

/// <summary>How an attempt ended.</summary>
/// <param name="Kind">What becomes of the job.</param>
/// <param name="Result">JSON; only of completed ones.</param>
/// <param name="Error">Why it failed, at most 2,000 characters.</param>
/// <param name="Delay">How long a failed one waits.</param>
internal sealed record JobEnd(JobEndKind Kind, string? Result = null, string? Error = null, TimeSpan Delay = default);

internal enum JobEndKind
{
    Completed,
    Cancelled,

    /// <summary>Back to the queue for another attempt.</summary>
    Retry,
    Dead,

    /// <summary>Back to the queue as if it had never been started.</summary>
    Returned,
}

/// <summary>The statements of leases. Each change names the lease's token, so that a worker that lost its job changes nothing. Times are the
/// database's: workers' clocks may differ.</summary>
/// <remarks>Plain commands, not through EF: they run many times a second and are prepared, and a lost connection must not be retried behind their back.</remarks>
internal sealed class JobStore(IServiceScopeFactory scopes, IOptions<JobOptions> options)
{
    // One arm per priority is an index scan that stops at the limit; together they need no sorting, however long the queue is. Rows are updated
    // by their place: each is locked and cannot have moved.
    private const string Due = "FROM jobs.jobs WHERE queue = $1 AND state = 'Available' AND run_at <= now() AND priority";
    private const string Take = """
        UPDATE jobs.jobs j SET state = 'Running', attempt = attempt + 1, started_at = now(), lease_token = $2, lease_until = now() + $3
        FROM next WHERE j.ctid = next.ctid
        RETURNING j.id, j.kind, j.payload, j.attempt, j.max_attempts, j.subject, j.trace_parent, now() - j.run_at, j.cancel_requested
        """;

    private const string ClaimByPriority = $"""
        WITH next AS MATERIALIZED (
            SELECT * FROM (SELECT ctid {Due} = 1 ORDER BY run_at LIMIT $4 FOR UPDATE SKIP LOCKED) p1 UNION ALL
            SELECT * FROM (SELECT ctid {Due} = 2 ORDER BY run_at LIMIT $4 FOR UPDATE SKIP LOCKED) p2 UNION ALL
            SELECT * FROM (SELECT ctid {Due} = 3 ORDER BY run_at LIMIT $4 FOR UPDATE SKIP LOCKED) p3 UNION ALL
            SELECT * FROM (SELECT ctid {Due} = 4 ORDER BY run_at LIMIT $4 FOR UPDATE SKIP LOCKED) p4 LIMIT $4)
        {Take}
        """;

    private const string ClaimOldest = $"""
        WITH next AS MATERIALIZED (
            SELECT ctid {Due} = (SELECT p FROM generate_series(1, 4) p CROSS JOIN LATERAL (SELECT run_at {Due} = p ORDER BY run_at LIMIT 1) head ORDER BY head.run_at LIMIT 1)
            ORDER BY run_at LIMIT $4 FOR UPDATE SKIP LOCKED)
        {Take}
        """;

    // A claim does not wait for the disk. Whatever is stored after it, the job's end first of all, makes it durable too; a claim that a crash of
    // the server takes back leaves a job that waits, and a token that matches nothing.
    private const string WithoutWaiting = "SELECT set_config('synchronous_commit', 'off', true)";

    private const string FinishMany = """
        WITH done AS (
            DELETE FROM jobs.jobs j USING unnest($1, $2, $3, $4) AS d(id, token, state, result)
            WHERE j.id = d.id AND j.lease_token = d.token
            RETURNING j.*, d.state AS final, d.result),
        kept AS (
            INSERT INTO jobs.finished_jobs (id, finished_at, queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, progress, result, error, redrives, created_at, started_at)
            SELECT id, now(), queue, kind, payload, priority, subject, trace_parent, final, attempt, max_attempts, run_at, progress, result::jsonb, NULL, redrives, created_at, started_at FROM done)
        SELECT id FROM done
        """;

    private const string Renew = """
        UPDATE jobs.jobs j SET lease_until = now() + $3 FROM unnest($1, $2) AS h(id, token)
        WHERE j.id = h.id AND j.lease_token = h.token RETURNING j.id, j.cancel_requested
        """;

    private const string SayAlive = """
        INSERT INTO jobs.workers (worker_id, queue, name, seen_at) SELECT $1, unnest($2), $3, now()
        ON CONFLICT (worker_id, queue) DO UPDATE SET seen_at = EXCLUDED.seen_at
        """;

    private const string Count = """
        INSERT INTO jobs.minutes (worker_id, queue, minute, succeeded, failed) SELECT $1, c.queue, date_trunc('minute', now()), c.succeeded, c.failed FROM unnest($2, $3, $4) AS c(queue, succeeded, failed)
        ON CONFLICT (worker_id, queue, minute) DO UPDATE SET succeeded = minutes.succeeded + EXCLUDED.succeeded, failed = minutes.failed + EXCLUDED.failed
        """;

    /// <summary>This process.</summary>
    public Guid WorkerId { get; } = Guid.CreateVersion7();

    /// <summary>Takes jobs that are due: by priority, and the oldest whatever their priority, so that none waits for ever.</summary>
    public Task<List<RunningJob>> ClaimAsync(string queue, int byPriority, int oldest, CancellationToken cancellationToken) => OpenAsync(async connection =>
    {
        await using var batch = new NpgsqlBatch(connection);
        var token = Guid.CreateVersion7();
        batch.BatchCommands.Add(new(WithoutWaiting));
        foreach (var (sql, count) in new[] { (ClaimOldest, oldest), (ClaimByPriority, byPriority) })
            if (count > 0) batch.BatchCommands.Add(new(sql) { Parameters = { new() { Value = queue }, new() { Value = token }, new() { Value = options.Value.Lease }, new() { Value = count } } });
        await batch.PrepareAsync(cancellationToken);
        var claimed = new List<RunningJob>();
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        while (await rows.NextResultAsync(cancellationToken)) // the first is the setting's
            while (await rows.ReadAsync(cancellationToken))
                claimed.Add(new(rows.GetGuid(0), token, queue, rows.GetString(1), rows.GetString(2), rows.GetInt32(3), rows.GetInt32(4),
                    rows.IsDBNull(5) ? null : rows.GetString(5), rows.IsDBNull(6) ? null : rows.GetString(6), rows.GetFieldValue<TimeSpan>(7), rows.GetBoolean(8)));
        return claimed;
    }, cancellationToken);

    /// <summary>Moves completed and cancelled jobs into the history.</summary>
    /// <returns>The ids of those whose lease was still held.</returns>
    public Task<HashSet<Guid>> FinishAsync(IReadOnlyList<(RunningJob Job, JobEnd End)> ended, CancellationToken cancellationToken) => OpenAsync(async connection =>
    {
        await using var finish = new NpgsqlCommand(FinishMany, connection)
        {
            Parameters =
            {
                new() { Value = ended.Select(e => e.Job.Id).ToArray() }, new() { Value = ended.Select(e => e.Job.LeaseToken).ToArray() },
                new() { Value = ended.Select(e => e.End.Kind.ToString()).ToArray() },
                new() { Value = ended.Select(e => e.End.Result).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            },
        };
        await finish.PrepareAsync(cancellationToken);
        var ids = new HashSet<Guid>(ended.Count);
        await using var rows = await finish.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) ids.Add(rows.GetGuid(0));
        return ids;
    }, cancellationToken);

    /// <summary>Gives a job back to the queue, or buries it.</summary>
    /// <returns>False when the lease is lost.</returns>
    public Task<bool> ReleaseAsync(RunningJob job, JobEnd end, CancellationToken cancellationToken)
    {
        var (state, now) = end.Kind == JobEndKind.Dead ? ("'Dead'", "now()") : ("'Available'", "NULL");
        var again = end.Kind == JobEndKind.Returned ? "attempt = attempt - 1" : "error = $4, run_at = now() + $3";
        return ExecuteAsync(
            $"UPDATE jobs.jobs SET state = {state}, finished_at = {now}, lease_token = NULL, lease_until = NULL, {again} WHERE id = $1 AND lease_token = $2",
            end.Kind == JobEndKind.Returned ? [job.Id, job.LeaseToken] : [job.Id, job.LeaseToken, end.Delay, end.Error ?? ""], cancellationToken);
    }

    /// <summary>Stores progress and renews the lease.</summary>
    /// <returns>False when the lease is lost.</returns>
    public Task<bool> ReportAsync(RunningJob job, string progress, CancellationToken cancellationToken) => ExecuteAsync(
        "UPDATE jobs.jobs SET lease_until = now() + $3, progress = $4::jsonb WHERE id = $1 AND lease_token = $2",
        [job.Id, job.LeaseToken, options.Value.Lease, progress], cancellationToken);

    /// <summary>Renews the leases, says that this process works on the queues, and adds what it has done to the minute's counts.</summary>
    /// <returns>Of the jobs still held, whether somebody wants them stopped.</returns>
    public Task<Dictionary<Guid, bool>> BeatAsync(IReadOnlyList<RunningJob> held, string[] queues, string name, IReadOnlyList<(string Queue, int Succeeded, int Failed)> counts, CancellationToken cancellationToken) => OpenAsync(async connection =>
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(Renew) { Parameters = { new() { Value = held.Select(j => j.Id).ToArray() }, new() { Value = held.Select(j => j.LeaseToken).ToArray() }, new() { Value = options.Value.Lease } } });
        batch.BatchCommands.Add(new(SayAlive) { Parameters = { new() { Value = WorkerId }, new() { Value = queues }, new() { Value = name } } });
        if (counts.Count > 0)
            batch.BatchCommands.Add(new(Count) { Parameters = { new() { Value = WorkerId }, new() { Value = counts.Select(c => c.Queue).ToArray() }, new() { Value = counts.Select(c => c.Succeeded).ToArray() }, new() { Value = counts.Select(c => c.Failed).ToArray() } } });
        var alive = new Dictionary<Guid, bool>();
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) alive[rows.GetGuid(0)] = rows.GetBoolean(1);
        return alive;
    }, cancellationToken);

    private Task<bool> ExecuteAsync(string sql, object[] values, CancellationToken cancellationToken) => OpenAsync(async connection =>
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.PrepareAsync(cancellationToken);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }, cancellationToken);

    private async Task<T> OpenAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var connection = (NpgsqlConnection)scope.ServiceProvider.GetRequiredService<ShabouContext>().Database.GetDbConnection();
        await connection.OpenAsync(cancellationToken);
        try
        {
            return await use(connection);
        }
        finally
        {
            await connection.CloseAsync();
        }
    }
}
