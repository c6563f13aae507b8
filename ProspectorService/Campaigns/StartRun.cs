using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Jobs;
using Shabou.Schema;
using Shabou.Schema.Jobs;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>Starts a sweep: its row and its job commit together, and share their id.</summary>
internal sealed class StartRun(ShabouContext context, JobQueue queue, TimeProvider time)
{
    /// <returns>The run, or why there is none: no such campaign, or one is under way (the database refuses a second one).</returns>
    public async Task<(RunView? Run, ProblemHttpResult? Refusal)> StartAsync(Guid campaignId, CancellationToken cancellationToken)
    {
        if (await context.Campaigns.SingleOrDefaultAsync(c => c.Id == campaignId, cancellationToken) is not { } campaign) return (null, Problem.NotFound("campaign", campaignId));
        var now = time.GetUtcNow();
        if (await context.CampaignRuns.SingleOrDefaultAsync(r => r.CampaignId == campaignId && r.State == CampaignRunState.Running, cancellationToken) is { } other)
        {
            if (!await IsDeadAsync(other, cancellationToken))
                return (null, Problem.Of(ProblemTypes.Conflict, $"Run {other.Id} of campaign '{campaign.Name}' is under way; follow it at {JobEndpoints.LocationOf(other.Id)}."));
            (other.State, other.StopReason, other.FinishedAt) = (CampaignRunState.Stopped, "failed", now);
            await context.SaveChangesAsync(cancellationToken);
        }

        var job = queue.Enqueue(CampaignRunner.Kind, new CampaignRunner.Order(campaignId));
        var run = new CampaignRun { Id = job.Id, CampaignId = campaignId, Campaign = campaign, State = CampaignRunState.Running, CreatedAt = now };
        context.CampaignRuns.Add(run);
        await context.SaveChangesAsync(cancellationToken);
        return (RunView.Of(run), null);
    }

    private async Task<bool> IsDeadAsync(CampaignRun run, CancellationToken cancellationToken) =>
        !await context.Jobs.AnyAsync(job => job.Id == run.Id && (job.State == JobState.Available || job.State == JobState.Running), cancellationToken);
}
