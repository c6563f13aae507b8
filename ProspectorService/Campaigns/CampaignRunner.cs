using Shabou.Jobs;
using Shabou.ProspectorService.Places;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>Sweeps a campaign page by page. After a restart, or after a quota stopped it, it goes on at the page after the last one stored.</summary>
internal sealed partial class CampaignRunner(RunStore store, PageFetch pages, ILogger<CampaignRunner> logger) : IJobHandler<CampaignRunner.Order>
{
    public static readonly JobKind<Order> Kind = new("prospector.campaign", "prospector", TimeSpan.FromHours(2));

    /// <summary>The job's payload.</summary>
    /// <param name="RunId">The run that goes on; null for a new one, which has the job's id.</param>
    /// <param name="CampaignVersion">The campaign as it was: a run's cursor counts its searches.</param>
    internal sealed record Order(Guid CampaignId, Guid? RunId = null, uint? CampaignVersion = null);

    public async Task<object?> RunAsync(JobContext<Order> job, CancellationToken cancellationToken)
    {
        var id = job.Payload.RunId ?? job.Id;
        if (job.Payload.RunId is not null && !await store.ResumeAsync(job, id, cancellationToken))
        {
            LogOvertaken(id);
            return null;
        }
        var run = await FindAsync(id, cancellationToken);
        // Stopped here and started again at once, it is another job's.
        while (run.State == CampaignRunState.Running && (run.JobId ?? run.Id) == job.Id)
        {
            await StepAsync(job, run, cancellationToken);
            run = await FindAsync(id, cancellationToken);
            await job.ReportAsync(RunView.Of(run), cancellationToken);
        }
        LogEnded(run.Id, run.State, run.StopReason ?? "done", run.Calls, run.NewLeads, run.Duplicates);
        return RunView.Of(run);
    }

    private async Task StepAsync(JobContext job, CampaignRun run, CancellationToken cancellationToken)
    {
        var campaign = run.Campaign!;
        if (Search.At(campaign, run.Search) is not { } search)
        {
            await store.FinishAsync(job, run, stop: null);
            return;
        }
        var query = new PlacesQuery(search.Text, campaign.LanguageCode, run.PageToken, search.Within);
        var result = await pages.FetchAsync(query, $"{run.Id}/{run.Search}/{run.Page}", run.Id, cancellationToken);
        if (result is PageResult.Fetched { Page: var page })
            await store.StorePageAsync(job, run, search.Location, page.Places, Cursor.Of(run).After(page.NextPageToken, campaign.PagesPerQuery));
        else
            await store.FinishAsync(job, run, (PageResult.Stopped)result);
    }

    private async Task<CampaignRun> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) ?? throw new JobFailedException("The campaign of this run is gone.");

    [LoggerMessage(LogLevel.Information, "Run {Id} ended {State} ({Reason}): {Calls} calls, {NewLeads} new leads, {Duplicates} duplicates")]
    private partial void LogEnded(Guid id, CampaignRunState state, string reason, int calls, int newLeads, int duplicates);

    [LoggerMessage(LogLevel.Information, "Run {Id} does not go on: another run has taken its place, or its campaign was changed or deleted")]
    private partial void LogOvertaken(Guid id);
}
