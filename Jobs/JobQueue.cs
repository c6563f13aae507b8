using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Shabou.Schema;
using Shabou.Schema.Jobs;

namespace Shabou.Jobs;

/// <summary>Adds jobs to the caller's unit of work: they exist when it commits, and not if it does not.</summary>
public sealed class JobQueue(ShabouContext context, IOptions<JobOptions> options, TimeProvider time, IHttpContextAccessor http)
{
    /// <summary>Adds a job to the context; the caller's <c>SaveChanges</c> writes it.</summary>
    /// <param name="kind">What; a service must have its handler.</param>
    /// <param name="payload">Serialised to JSON with web defaults.</param>
    /// <param name="key">Makes it unique for 90 days: a second job of the kind with the same key violates <c>pk_job_keys</c> on <c>SaveChanges</c>.</param>
    /// <param name="runAt">Not before; now by default, by the database's clock.</param>
    /// <exception cref="ArgumentException">The payload is larger than <see cref="JobOptions.MaxResultBytes"/>.</exception>
    public Job Enqueue<TPayload>(JobKind<TPayload> kind, TPayload payload, string? key = null, DateTimeOffset? runAt = null)
    {
        var job = new Job
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Queue = kind.Queue,
            Kind = kind.Name,
            Payload = Json(kind, payload),
            Priority = kind.Priority,
            Subject = Subject,
            TraceParent = Activity.Current?.Id,
            State = JobState.Available,
            MaxAttempts = kind.MaxAttempts ?? options.Value.MaxAttempts,
            RunAt = runAt?.ToUniversalTime() ?? default,
        };
        context.Jobs.Add(job);
        if (key is not null) context.JobKeys.Add(new JobKey { Hash = HashOf(kind, key), JobId = job.Id });
        return job;
    }

    /// <summary>Writes a job at once, in the current transaction or in one of its own, unless there is one of the kind with the same key, finished or not.</summary>
    /// <returns>The job's id, and whether it is new.</returns>
    public Task<(Guid Id, bool IsNew)> EnqueueOnceAsync<TPayload>(JobKind<TPayload> kind, TPayload payload, string key, CancellationToken cancellationToken, DateTimeOffset? runAt = null) =>
        EnqueueOnceAsync(context, kind, Json(kind, payload), kind.MaxAttempts ?? options.Value.MaxAttempts, key, Subject, runAt, time.GetUtcNow(), cancellationToken);

    internal static async Task<(Guid Id, bool IsNew)> EnqueueOnceAsync(
        ShabouContext context, JobKind kind, string payload, int maxAttempts, string key, string? subject, DateTimeOffset? runAt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, hash) = (Guid.CreateVersion7(now), HashOf(kind, key));
        var priority = (short)kind.Priority;
        var added = await context.Database.ExecuteSqlAsync($"""
            WITH key AS (INSERT INTO jobs.job_keys (hash, job_id) VALUES ({hash}, {id}) ON CONFLICT DO NOTHING RETURNING job_id)
            INSERT INTO jobs.jobs (id, queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, cancel_requested, redrives)
            SELECT job_id, {kind.Queue}, {kind.Name}, {payload}::jsonb, {priority}, {subject}::text, {Activity.Current?.Id}::text, 'Available', 0, {maxAttempts}, coalesce({runAt?.ToUniversalTime()}::timestamptz, now()), false, 0
            FROM key
            """, cancellationToken);
        return added == 1 ? (id, true) : (await context.JobKeys.Where(k => k.Hash == hash).Select(k => k.JobId).SingleAsync(cancellationToken), false);
    }

    /// <summary>Writes many jobs by COPY, in the current transaction or in one of its own: all or none.</summary>
    public async Task EnqueueManyAsync<TPayload>(JobKind<TPayload> kind, IEnumerable<TPayload> payloads, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            var (subject, trace, now, attempts) = (Subject, Activity.Current?.Id, time.GetUtcNow(), kind.MaxAttempts ?? options.Value.MaxAttempts);
            await using var rows = await ((NpgsqlConnection)context.Database.GetDbConnection()).BeginBinaryImportAsync(
                "COPY jobs.jobs (id, queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, cancel_requested, redrives) FROM STDIN (FORMAT binary)", cancellationToken);
            foreach (var payload in payloads)
            {
                await rows.StartRowAsync(cancellationToken);
                await rows.WriteAsync(Guid.CreateVersion7(now), NpgsqlDbType.Uuid, cancellationToken);
                await rows.WriteAsync(kind.Queue, NpgsqlDbType.Varchar, cancellationToken);
                await rows.WriteAsync(kind.Name, NpgsqlDbType.Varchar, cancellationToken);
                await rows.WriteAsync(Json(kind, payload), NpgsqlDbType.Jsonb, cancellationToken);
                await rows.WriteAsync((short)kind.Priority, NpgsqlDbType.Smallint, cancellationToken);
                foreach (var text in new[] { subject, trace })
                {
                    if (text is null) await rows.WriteNullAsync(cancellationToken);
                    else await rows.WriteAsync(text, NpgsqlDbType.Varchar, cancellationToken);
                }
                await rows.WriteAsync(nameof(JobState.Available), NpgsqlDbType.Varchar, cancellationToken);
                await rows.WriteAsync(0, NpgsqlDbType.Integer, cancellationToken);
                await rows.WriteAsync(attempts, NpgsqlDbType.Integer, cancellationToken);
                await rows.WriteAsync(false, NpgsqlDbType.Boolean, cancellationToken);
                await rows.WriteAsync(0, NpgsqlDbType.Integer, cancellationToken);
            }
            await rows.CompleteAsync(cancellationToken);
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }
    }

    /// <summary>SHA-256 of the kind and the key.</summary>
    internal static byte[] HashOf(JobKind kind, string key) => SHA256.HashData(Encoding.UTF8.GetBytes($"{kind.Name}\n{key}"));

    private string? Subject => http.HttpContext?.User.FindFirst("sub")?.Value;

    private string Json<TPayload>(JobKind kind, TPayload payload)
    {
        var json = JsonSerializer.Serialize(payload, JsonSerializerOptions.Web);
        return Encoding.UTF8.GetByteCount(json) <= options.Value.MaxResultBytes
            ? json
            : throw new ArgumentException($"The payload of a {kind.Name} job has more than {options.Value.MaxResultBytes:N0} bytes; store it in a table and enqueue its id.", nameof(payload));
    }
}
