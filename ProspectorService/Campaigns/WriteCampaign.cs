using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Shabou.ProspectorService.Audit;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Transactions;
using Shabou.Schema;
using Shabou.Schema.Prospector;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>Creates, replaces and deletes campaigns. One that sweeps is left alone: its cursor counts the searches as they were.</summary>
internal static class WriteCampaign
{
    public static async Task<Results<Created<CampaignView>, ProblemHttpResult>> CreateAsync(
        CampaignWrite write, HttpResponse response, ShabouContext context, IOptionsMonitor<PlacesBudgetOptions> budget, AuditActor actor, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Refuse(write, budget.CurrentValue) is { } refusal) return refusal;
        var now = time.GetUtcNow();
        var campaign = new Campaign
        {
            Id = Guid.CreateVersion7(now), Name = "", Locations = [], Queries = [], PagesPerQuery = 1, LanguageCode = "", Searches = 0, CreatedAt = now,
        };
        Fill(write, campaign, actor, now);
        context.Campaigns.Add(campaign);
        if (await SaveAsync(campaign, context, cancellationToken) is { } taken) return taken;
        ETags.Write(response, campaign.Version);
        return TypedResults.Created($"/api/v1/campaigns/{campaign.Id}", CampaignView.Of(campaign, now));
    }

    public static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> ReplaceAsync(
        Guid id, CampaignWrite write, HttpContext http, ShabouContext context, IOptionsMonitor<PlacesBudgetOptions> budget, AuditActor actor, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Refuse(write, budget.CurrentValue) is { } refusal) return refusal;
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var missing)) return missing;
        var (campaign, problem) = await context.InTransactionAsync<(Campaign?, ProblemHttpResult?)>(async cancellation =>
        {
            var (found, unfit) = await FindIdleAsync(id, expected, context, time.GetUtcNow(), cancellation);
            if (found is null) return (null, unfit);
            Fill(write, found, actor, time.GetUtcNow());
            if (await SaveAsync(found, context, cancellation) is { } taken) return (null, taken);
            await DropWaitingAsync(id, context, cancellation);
            return (found, null);
        }, cancellationToken);
        if (campaign is null) return problem!;
        ETags.Write(http.Response, campaign.Version);
        return TypedResults.Ok(CampaignView.Of(campaign, time.GetUtcNow()));
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, HttpContext http, ShabouContext context, AuditActor actor, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var missing)) return missing;
        var problem = await context.InTransactionAsync(async cancellation =>
        {
            var (found, unfit) = await FindIdleAsync(id, expected, context, time.GetUtcNow(), cancellation);
            if (found is null) return unfit;
            (found.ChangedBy, found.ChangedTrace) = (actor.Name, AuditActor.Trace); // the audit takes them from the row as it was
            await context.SaveChangesAsync(cancellation);
            context.Remove(found);
            await context.SaveChangesAsync(cancellation);
            return null;
        }, cancellationToken);
        return problem is null ? TypedResults.NoContent() : problem;
    }

    /// <summary>Runs of the campaign that would go on by themselves no longer do.</summary>
    public static Task<int> DropWaitingAsync(Guid campaign, ShabouContext context, CancellationToken cancellationToken) => context.CampaignRuns
        .Where(run => run.CampaignId == campaign && run.State == CampaignRunState.Stopped && run.RetryAt != null)
        .ExecuteUpdateAsync(run => run.SetProperty(r => r.RetryAt, (DateTimeOffset?)null), cancellationToken);

    private static ProblemHttpResult? Refuse(CampaignWrite write, PlacesBudgetOptions budget) =>
        write.Errors() is { Count: > 0 } errors ? Problem.Invalid(errors)
        : write.Impossibilities(budget.CallsPerMonth) is { Count: > 0 } impossible ? Problem.Unprocessable(impossible)
        : null;

    private static void Fill(CampaignWrite write, Campaign campaign, AuditActor actor, DateTimeOffset now)
    {
        write.Fill(campaign, now);
        (campaign.ChangedBy, campaign.ChangedTrace) = (actor.Name, AuditActor.Trace);
    }

    // Locked against the start of a run, which locks it too.
    private static async Task<(Campaign?, ProblemHttpResult?)> FindIdleAsync(Guid id, ExpectedVersion expected, ShabouContext context, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var campaign = await context.Campaigns.FromSql($"SELECT *, xmin FROM prospector.campaigns WHERE id = {id} FOR UPDATE").SingleOrDefaultAsync(cancellationToken);
        if (campaign is null) return (null, Problem.NotFound("campaign", id));
        if (!expected.Matches(campaign.Version)) return (null, ExpectedVersion.Stale("campaign", id));
        await RunStore.EndDeadAsync(id, context, now, cancellationToken);
        return await context.CampaignRuns.AnyAsync(run => run.CampaignId == id && run.State == CampaignRunState.Running, cancellationToken)
            ? (null, Problem.Of(ProblemTypes.Conflict, $"The campaign '{campaign.Name}' is sweeping; wait until its run has ended, or cancel the job."))
            : (campaign, null);
    }

    private static async Task<ProblemHttpResult?> SaveAsync(Campaign campaign, ShabouContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return Problem.Of(ProblemTypes.Conflict, $"There is a campaign '{campaign.Name}' already; choose another name.");
        }
    }
}
