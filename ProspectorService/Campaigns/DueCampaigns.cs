using Microsoft.EntityFrameworkCore;
using Shabou.Jobs;
using Shabou.Schema;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>Starts the sweeps that are due. Run daily, by any number of replicas: each occurrence of a schedule is started once, also one
/// that fell into a time when nothing ran.</summary>
internal sealed partial class DueCampaigns(IServiceScopeFactory scopes, TimeProvider time, ILogger<DueCampaigns> logger) : IJobHandler<DueCampaigns.Order>
{
    public static readonly JobKind<Order> Kind = new("prospector.due-campaigns", "prospector", TimeSpan.FromMinutes(5));

    /// <summary>The job's payload: all that are due.</summary>
    internal sealed record Order;

    public async Task<object?> RunAsync(JobContext<Order> job, CancellationToken cancellationToken) => new { started = await StartAsync(cancellationToken) };

    /// <returns>How many sweeps were started.</returns>
    public async Task<int> StartAsync(CancellationToken cancellationToken)
    {
        var started = 0;
        foreach (var (campaign, period) in await FindAsync(cancellationToken))
        {
            // A unit of work each: one that cannot start holds no other up.
            await using var scope = scopes.CreateAsyncScope();
            var (run, refusal) = await scope.ServiceProvider.GetRequiredService<StartRun>().StartAsync(campaign, period, cancellationToken);
            if (run is null) LogNotStarted(campaign, period, refusal!.ProblemDetails.Detail ?? "");
            else started++;
        }
        return started;
    }

    private async Task<List<(Guid Campaign, string Period)>> FindAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
        var now = time.GetUtcNow();
        var scheduled = await context.Campaigns.AsNoTracking().Where(campaign => campaign.Schedule != null).OrderBy(campaign => campaign.Id)
            .Select(campaign => new { campaign.Id, campaign.Schedule, campaign.ScheduledSince, Periods = context.CampaignRuns.Where(run => run.CampaignId == campaign.Id && run.DuePeriod != null)
                .OrderByDescending(run => run.Id).Select(run => run.DuePeriod).Take(40).ToList() })
            .ToListAsync(cancellationToken);
        return
        [
            .. from campaign in scheduled
               let period = CampaignSchedule.Parse(campaign.Schedule!)?.Due(campaign.ScheduledSince!.Value, now)
               where period is not null && !campaign.Periods.Contains(period)
               select (campaign.Id, period),
        ];
    }

    [LoggerMessage(LogLevel.Warning, "The sweep of campaign {Campaign} for {Period} was not started; the next day tries again: {Reason}")]
    private partial void LogNotStarted(Guid campaign, string period, string reason);
}
