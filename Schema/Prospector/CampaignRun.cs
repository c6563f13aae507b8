namespace Shabou.Schema.Prospector;

/// <summary>One sweep of a campaign. Its cursor moves in the transaction that stores a page's leads, so a restart repeats no paid page.</summary>
public sealed class CampaignRun
{
    public const int StopReasonMaxLength = 40;
    public const int PageTokenMaxLength = 4000;
    public const int DuePeriodMaxLength = 10;

    /// <summary>The id of the job that started it.</summary>
    public required Guid Id { get; init; }

    public required Guid CampaignId { get; init; }
    public Campaign? Campaign { get; init; }

    /// <summary>The job that does it now, after it was stopped and went on; null for the one that started it.</summary>
    public Guid? JobId { get; set; }

    public required CampaignRunState State { get; set; }

    /// <summary>Why it stopped before its end, for example "day-cap"; null otherwise.</summary>
    public string? StopReason { get; set; }

    /// <summary>When what stopped it is over and it goes on by itself; null when only a person can tell, or another run has taken its place.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>Which occurrence of the campaign's schedule it is: 2026-12, or 2026-12-08 when that is more often than monthly; null on demand. Unique within the campaign.</summary>
    public string? DuePeriod { get; init; }

    /// <summary>How many searches it has.</summary>
    public int Searches { get; init; }

    /// <summary>Which search is next: location by location, within it query by query, from 0.</summary>
    public int Search { get; set; }

    /// <summary>Which page of that search is next, from 0.</summary>
    public int Page { get; set; }

    /// <summary>Google's token for that page; null for the first.</summary>
    public string? PageToken { get; set; }

    /// <summary>Paid calls, as the ledger has them.</summary>
    public int Calls { get; set; }

    /// <summary>Places in Google's answers.</summary>
    public int Found { get; set; }

    /// <summary>Leads that did not exist before.</summary>
    public int NewLeads { get; set; }

    /// <summary>Places that were leads already, from this run or before.</summary>
    public int Duplicates { get; set; }

    /// <summary>Places that are on the list of suppressions: no leads.</summary>
    public int Suppressed { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>Where a sweep stands. Stored and sent as text.</summary>
public enum CampaignRunState
{
    /// <summary>Waiting for a worker, or at work.</summary>
    Running,

    /// <summary>All pages of all searches are stored.</summary>
    Completed,

    /// <summary>Ended early, see <see cref="CampaignRun.StopReason"/>.</summary>
    Stopped,
}
