using Shabou.Jobs;
using Shabou.ProspectorService.Places;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>Sweeps a campaign page by page. After a restart it goes on at the page after the last one stored.</summary>
internal sealed partial class CampaignRunner(RunStore store, PageFetch pages, ILogger<CampaignRunner> logger) : IJobHandler<CampaignRunner.Order>
{
    public static readonly JobKind<Order> Kind = new("prospector.campaign", "prospector", TimeSpan.FromHours(2));

    /// <summary>The job's payload; the run has the job's id.</summary>
    internal sealed record Order(Guid CampaignId);

    public async Task<object?> RunAsync(JobContext<Order> job, CancellationToken cancellationToken)
    {
        var run = await FindAsync(job, cancellationToken);
        while (run.State == CampaignRunState.Running)
        {
            await StepAsync(job, run, cancellationToken);
            run = await FindAsync(job, cancellationToken);
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
        var query = new PlacesQuery(search.Text, campaign.LanguageCode, run.PageToken);
        var result = await pages.FetchAsync(query, $"{run.Id}/{run.Search}/{run.Page}", run.Id, cancellationToken);
        if (result is PageResult.Fetched { Page: var page })
            await store.StorePageAsync(job, run, search.Location, page.Places, Cursor.Of(run).After(page.NextPageToken, campaign.PagesPerQuery));
        else
            await store.FinishAsync(job, run, (PageResult.Stopped)result);
    }

    private async Task<CampaignRun> FindAsync(JobContext job, CancellationToken cancellationToken) =>
        await store.FindAsync(job.Id, cancellationToken) ?? throw new JobFailedException("The campaign of this run is gone.");

    [LoggerMessage(LogLevel.Information, "Run {Id} ended {State} ({Reason}): {Calls} calls, {NewLeads} new leads, {Duplicates} duplicates")]
    private partial void LogEnded(Guid id, CampaignRunState state, string reason, int calls, int newLeads, int duplicates);
}
