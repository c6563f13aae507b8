using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.Jobs;
using Shabou.ProspectorService.Transactions;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>Starts a sweep: its row and its job commit together, and share their id. On demand, one that Google failed goes on instead: the pages
/// that it stored are paid.</summary>
internal sealed class StartRun(ShabouContext context, JobQueue queue, TimeProvider time)
{
    // Older than this, what is stored is no part of a sweep of today.
    private static readonly TimeSpan s_longestPause = TimeSpan.FromDays(1);

    /// <param name="campaignId">Whose.</param>
    /// <param name="duePeriod">Which occurrence of the schedule; null on demand.</param>
    /// <param name="cancellationToken">Stops before the commit.</param>
    /// <returns>The run, or why there is none: no such campaign, one is under way, or that occurrence was started before. The database refuses
    /// both, whoever asks at the same time.</returns>
    public async Task<(RunView? Run, ProblemHttpResult? Refusal)> StartAsync(Guid campaignId, string? duePeriod, CancellationToken cancellationToken)
    {
        try
        {
            return await context.InTransactionAsync(cancellation => TryStartAsync(campaignId, duePeriod, cancellation), cancellationToken);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return (null, Problem.Of(ProblemTypes.Conflict, $"A run of campaign {campaignId} was started at the same moment; GET its runs."));
        }
    }

    private async Task<(RunView? Run, ProblemHttpResult? Refusal)> TryStartAsync(Guid campaignId, string? duePeriod, CancellationToken cancellationToken)
    {
        // Locked against changes: the run counts the campaign's searches.
        var campaign = await context.Campaigns.FromSql($"SELECT *, xmin FROM prospector.campaigns WHERE id = {campaignId} FOR SHARE").SingleOrDefaultAsync(cancellationToken);
        if (campaign is null) return (null, Problem.NotFound("campaign", campaignId));
        var now = time.GetUtcNow();
        await RunStore.EndDeadAsync(campaignId, context, now, cancellationToken);
        if (await context.CampaignRuns.AsNoTracking().SingleOrDefaultAsync(r => r.CampaignId == campaignId && r.State == CampaignRunState.Running, cancellationToken) is { } other)
            return (null, Problem.Of(ProblemTypes.Conflict, $"Run {other.Id} of campaign '{campaign.Name}' is under way; follow it at {JobEndpoints.LocationOf(other.JobId ?? other.Id)}."));
        if (duePeriod is null && await FindFailedAsync(campaign, now, cancellationToken) is { } failed) return (await GoOnAsync(failed, campaign, cancellationToken), null);
        await WriteCampaign.DropWaitingAsync(campaignId, context, cancellationToken); // the new run takes its place

        var job = queue.Enqueue(CampaignRunner.Kind, new CampaignRunner.Order(campaignId, CampaignVersion: campaign.Version));
        var run = new CampaignRun
        {
            Id = job.Id, CampaignId = campaignId, Campaign = campaign, State = CampaignRunState.Running, Searches = campaign.Searches, DuePeriod = duePeriod, CreatedAt = now,
        };
        context.CampaignRuns.Add(run);
        await context.SaveChangesAsync(cancellationToken);
        return (RunView.Of(run), null);
    }

    private async Task<CampaignRun?> FindFailedAsync(Campaign campaign, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Locked: who asks at the same time finds it running, and is refused.
        var last = await context.CampaignRuns.FromSql($"SELECT * FROM prospector.campaign_runs WHERE campaign_id = {campaign.Id} ORDER BY id DESC LIMIT 1 FOR UPDATE")
            .SingleOrDefaultAsync(cancellationToken);
        if (last is not { State: CampaignRunState.Stopped, StopReason: PageFetch.Unavailable or PageFetch.MinuteQuota } || last.FinishedAt < now - s_longestPause) return null;
        var job = last.JobId ?? last.Id;
        var order = await context.AllJobs.Where(j => j.Id == job).Select(j => j.Payload).SingleOrDefaultAsync(cancellationToken);
        return order is not null && JsonSerializer.Deserialize<CampaignRunner.Order>(order, JsonSerializerOptions.Web)?.CampaignVersion == campaign.Version ? last : null;
    }

    private async Task<RunView> GoOnAsync(CampaignRun run, Campaign campaign, CancellationToken cancellationToken)
    {
        (run.State, run.StopReason, run.FinishedAt) = (CampaignRunState.Running, null, null);
        run.JobId = queue.Enqueue(CampaignRunner.Kind, new CampaignRunner.Order(campaign.Id, run.Id, campaign.Version)).Id;
        await context.SaveChangesAsync(cancellationToken);
        return RunView.Of(run);
    }
}
