using Microsoft.Extensions.Options;
using Shabou.ProspectorService.Budgets;
using Shabou.ProspectorService.Places;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>What came of a page: the page, or why the sweep stops here.</summary>
internal abstract record PageResult
{
    private PageResult()
    {
    }

    public sealed record Fetched(PlacesAnswer.Page Page) : PageResult;

    public sealed record Stopped(string Reason, DateTimeOffset? RetryAt = null) : PageResult;
}

/// <summary>The ledger cannot be reached: the job fails and the queue tries it again later.</summary>
internal sealed class LedgerDownException() : Exception("The budget's ledger cannot be reached, so nothing may be spent.");

/// <summary>Fetches one page, reserving each try in the ledger first, and tells what heals by itself from what does not.</summary>
internal sealed class PageFetch(PlacesBudget budget, PlacesClient places, IOptions<PlacesOptions> options, TimeProvider time)
{
    /// <summary>Why it stops when the tries are used up.</summary>
    public const string Unavailable = "places-unavailable", MinuteQuota = "google-minute-quota";

    private static readonly TimeZoneInfo s_california = TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles");

    /// <param name="query">The page.</param>
    /// <param name="idempotencyKey">Names the page in the ledger.</param>
    /// <param name="jobId">The job that pays.</param>
    /// <param name="cancellationToken">Stops before the next try; one under way is paid and ends by itself.</param>
    /// <exception cref="LedgerDownException">The database is away.</exception>
    public async Task<PageResult> FetchAsync(PlacesQuery query, string idempotencyKey, Guid jobId, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var decision = await budget.ReserveAsync(PlacesSku.TextSearchEnterprise, idempotencyKey, jobId, cancellationToken);
            if (decision is BudgetDecision.Denied denied) return Stop(denied);
            var answer = await places.SearchAsync(query, ((BudgetDecision.Granted)decision).Reservation);
            switch (answer)
            {
                case PlacesAnswer.Page page: return new PageResult.Fetched(page);
                case PlacesAnswer.DayQuota: return new PageResult.Stopped("google-day-quota", NextDay(time.GetUtcNow()));
                case PlacesAnswer.KeyRefused: return new PageResult.Stopped("key-refused");
                // A token that Google no longer knows ends its search; the pages before are stored.
                case PlacesAnswer.Refused when query.PageToken is not null: return new PageResult.Fetched(new([], null));
                case PlacesAnswer.Refused: return new PageResult.Stopped("request-refused");
            }
            if (attempt >= options.Value.MostAttempts) return new PageResult.Stopped(answer is PlacesAnswer.MinuteQuota ? MinuteQuota : Unavailable);
            await Task.Delay(answer is PlacesAnswer.MinuteQuota ? options.Value.MinuteQuotaPause : Backoff(attempt), time, cancellationToken);
        }
    }

    // Midnight in California, when Google's quotas of a day begin anew, and a minute: its clock is not ours, and a call too early is paid.
    internal static DateTimeOffset NextDay(DateTimeOffset now)
    {
        var midnight = TimeZoneInfo.ConvertTime(now, s_california).Date.AddDays(1);
        return new DateTimeOffset(midnight, s_california.GetUtcOffset(midnight)).ToUniversalTime().AddMinutes(1);
    }

    private static PageResult.Stopped Stop(BudgetDecision.Denied denied) => denied.Reason switch
    {
        DenialReason.DayCap => new("day-cap", denied.RetryAt),
        DenialReason.MonthCap => new("month-cap", denied.RetryAt),
        DenialReason.MoneyCap => new("money-cap", denied.RetryAt),
        DenialReason.Killed => new("killed"),
        DenialReason.UnknownSku => new("unknown-sku"),
        DenialReason.StalePrice => new("stale-price"),
        _ => throw new LedgerDownException(),
    };

#pragma warning disable CA5394 // jitter spreads load, it protects nothing
    private TimeSpan Backoff(int attempt) => Random.Shared.NextDouble() * options.Value.Backoff * Math.Pow(2, attempt - 1);
#pragma warning restore CA5394
}
