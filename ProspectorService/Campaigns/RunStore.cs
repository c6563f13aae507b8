using Microsoft.EntityFrameworkCore;
using Shabou.Jobs;
using Shabou.ProspectorService.Leads;
using Shabou.ProspectorService.Places;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>Moves a sweep on. Each move names the lease of its job and the cursor that it starts from, so no page is stored twice and a
/// worker that lost the job stores nothing.</summary>
internal sealed class RunStore(ShabouContext context, LeadStore leads, JobQueue queue, TimeProvider time)
{
    public Task<CampaignRun?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        context.CampaignRuns.AsNoTracking().Include(run => run.Campaign).SingleOrDefaultAsync(run => run.Id == id, cancellationToken);

    /// <summary>Stores a page's leads, the counts and the next cursor in one transaction.</summary>
    /// <remarks>The page is paid, so it takes no token: it is stored even when the host is stopping.</remarks>
    /// <exception cref="JobLeaseLostException">Another worker has the job; nothing was stored.</exception>
    public Task StorePageAsync(JobContext job, CampaignRun run, string? location, IReadOnlyList<FoundPlace> places, Cursor next) =>
        context.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(
            async token =>
            {
                await MoveAsync(job, run, next, token);
                var stored = await leads.StoreAsync(places, new(run.CampaignId, run.Id, location), token);
                await context.Database.ExecuteSqlAsync($"""
                    UPDATE prospector.campaign_runs SET found = found + {places.Count}, new_leads = new_leads + {stored.Created}, suppressed = suppressed + {stored.Suppressed},
                        duplicates = duplicates + {places.Count - stored.Created - stored.Suppressed}
                    WHERE id = {run.Id}
                    """, token);
            },
            // Asked when the connection broke during the commit: did it go through?
            async token => await context.CampaignRuns.AnyAsync(r => r.Id == run.Id && r.Search == next.Search && r.Page == next.Page, token),
            CancellationToken.None);

    /// <summary>Ends the sweep, with a reason when that is before its end. Where what stopped it is known to end, the job that goes on then is
    /// enqueued in the same transaction.</summary>
    /// <exception cref="JobLeaseLostException">Another worker has the job; nothing was stored.</exception>
    public Task FinishAsync(JobContext job, CampaignRun run, PageResult.Stopped? stop) => context.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(
        async token =>
        {
            await EndAsync(job, run, stop, token);
            if (stop?.RetryAt is not { } retryAt) return;
            await queue.EnqueueOnceAsync(CampaignRunner.Kind, new(run.CampaignId, run.Id, run.Campaign!.Version), $"{run.Id}@{retryAt.UtcTicks}", token, retryAt);
        },
        async token => await context.CampaignRuns.AnyAsync(r => r.Id == run.Id && r.State != CampaignRunState.Running, token),
        CancellationToken.None);

    /// <summary>Lets a run that was stopped go on under a new job, unless another run of its campaign has taken its place.</summary>
    /// <returns>False when it does not go on.</returns>
    public async Task<bool> ResumeAsync(JobContext job, Guid id, CancellationToken cancellationToken) => await context.Database.ExecuteSqlAsync($"""
        UPDATE prospector.campaign_runs r SET state = 'Running', stop_reason = NULL, retry_at = NULL, finished_at = NULL, job_id = {job.Id}
        FROM (SELECT c.id FROM prospector.campaigns c JOIN prospector.campaign_runs w ON w.campaign_id = c.id WHERE w.id = {id} FOR SHARE OF c) AS campaign
        WHERE r.id = {id} AND (r.state = 'Stopped' AND r.retry_at IS NOT NULL OR r.state = 'Running' AND r.job_id = {job.Id})
          AND NOT EXISTS (SELECT 1 FROM prospector.campaign_runs o WHERE o.campaign_id = r.campaign_id AND o.id <> r.id AND o.state = 'Running')
          AND EXISTS (SELECT 1 FROM jobs.jobs WHERE id = {job.Id} AND lease_token = {job.LeaseToken})
        """, cancellationToken) == 1;

    /// <summary>Runs of a campaign whose job died or was cancelled are stopped: they make room.</summary>
    public static Task<int> EndDeadAsync(Guid campaignId, ShabouContext context, DateTimeOffset now, CancellationToken cancellationToken) => context.Database.ExecuteSqlAsync($"""
        UPDATE prospector.campaign_runs r SET state = 'Stopped', stop_reason = 'failed', finished_at = {now}
        WHERE campaign_id = {campaignId} AND state = 'Running'
          AND NOT EXISTS (SELECT 1 FROM jobs.jobs j WHERE j.id = coalesce(r.job_id, r.id) AND j.state IN ('Available', 'Running'))
        """, cancellationToken);

    private async Task EndAsync(JobContext job, CampaignRun run, PageResult.Stopped? stop, CancellationToken cancellationToken)
    {
        var (state, now) = (stop is null ? nameof(CampaignRunState.Completed) : nameof(CampaignRunState.Stopped), time.GetUtcNow());
        var finished = await context.Database.ExecuteSqlAsync($"""
            UPDATE prospector.campaign_runs SET state = {state}, stop_reason = {stop?.Reason}::text, retry_at = {stop?.RetryAt}::timestamptz, finished_at = {now},
                calls = (SELECT count(*) FROM prospector.budget_reservations WHERE job_id = {run.Id} AND state <> 'Released')
            WHERE id = {run.Id} AND state = 'Running' AND EXISTS (SELECT 1 FROM jobs.jobs WHERE id = {job.Id} AND lease_token = {job.LeaseToken})
            """, cancellationToken);
        if (finished != 1) throw new JobLeaseLostException(job.Id);
    }

    private async Task MoveAsync(JobContext job, CampaignRun run, Cursor next, CancellationToken cancellationToken)
    {
        var moved = await context.Database.ExecuteSqlAsync($"""
            UPDATE prospector.campaign_runs SET search = {next.Search}, page = {next.Page}, page_token = {next.PageToken}::text,
                calls = (SELECT count(*) FROM prospector.budget_reservations WHERE job_id = {run.Id} AND state <> 'Released')
            WHERE id = {run.Id} AND state = 'Running' AND search = {run.Search} AND page = {run.Page}
              AND EXISTS (SELECT 1 FROM jobs.jobs WHERE id = {job.Id} AND lease_token = {job.LeaseToken})
            """, cancellationToken);
        if (moved != 1) throw new JobLeaseLostException(job.Id);
    }
}
