using Microsoft.EntityFrameworkCore;
using Shabou.Jobs;
using Shabou.Schema;

namespace Shabou.JobsWorker;

/// <summary>Works for a while, then has an effect that may happen once: a row in public.effects, written only under the lease. Each start is a
/// row in public.starts, and a write that the lease forbade one in public.refusals.</summary>
internal sealed class Effect(ShabouContext context) : IJobHandler<EffectOrder>
{
    public async Task<object?> RunAsync(JobContext<EffectOrder> job, CancellationToken cancellationToken)
    {
        await context.Database.ExecuteSqlAsync($"INSERT INTO public.starts (job_id, attempt, pid, at) VALUES ({job.Id}, {job.Attempt}, {Environment.ProcessId}, now())", cancellationToken);
        // A process that was stopped and goes on has a token that nobody has cancelled yet.
        await Task.Delay(job.Payload.Milliseconds, cancellationToken);
        var written = await context.Database.ExecuteSqlAsync($"""
            INSERT INTO public.effects (job_id, pid)
            SELECT id, {Environment.ProcessId} FROM jobs.jobs WHERE id = {job.Id} AND lease_token = {job.LeaseToken}
              AND NOT EXISTS (SELECT FROM public.effects WHERE job_id = {job.Id})
            """, CancellationToken.None);
        if (written == 0 && !await context.Database.SqlQuery<bool>($"""SELECT EXISTS (SELECT FROM jobs.jobs WHERE id = {job.Id} AND lease_token = {job.LeaseToken}) AS "Value" """).SingleAsync(CancellationToken.None))
        {
            await context.Database.ExecuteSqlAsync($"INSERT INTO public.refusals (job_id, pid) VALUES ({job.Id}, {Environment.ProcessId})", CancellationToken.None);
            throw new JobLeaseLostException(job.Id);
        }
        return new { Environment.ProcessId };
    }
}
