using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Shabou.Schema;
using Shabou.Schema.Jobs;

namespace Shabou.Jobs;

/// <summary>Adds jobs to the caller's unit of work: they exist when its <c>SaveChanges</c> commits, and not if it does not.</summary>
public sealed class JobQueue(ShabouContext context, IOptions<JobOptions> options, TimeProvider time, IHttpContextAccessor http)
{
    /// <summary>Adds a job to be run as soon as the caller's transaction commits.</summary>
    /// <param name="kind">A kind that some service has a handler for.</param>
    /// <param name="payload">Serialised to JSON with web defaults.</param>
    /// <param name="idempotencyKey">At most 200 characters; a second job of the kind with the same key violates a unique index on commit.</param>
    public Job Enqueue(string kind, object payload, string? idempotencyKey = null)
    {
        var now = time.GetUtcNow();
        var job = new Job
        {
            Id = Guid.CreateVersion7(now),
            Kind = kind,
            Payload = JsonSerializer.Serialize(payload, JsonSerializerOptions.Web),
            Subject = http.HttpContext?.User.FindFirst("sub")?.Value,
            TraceParent = Activity.Current?.Id,
            IdempotencyKey = idempotencyKey,
            State = JobState.Available,
            MaxAttempts = options.Value.MaxAttempts,
            RunAt = now,
            CreatedAt = now,
        };
        context.Jobs.Add(job);
        return job;
    }
}
