using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>One search of a campaign.</summary>
internal sealed record Search(string Location, string Query)
{
    public string Text => $"{Query} {Location}";

    /// <summary>The search at a position, location by location; null past the end.</summary>
    public static Search? At(Campaign campaign, int position) => position < campaign.Locations.Length * campaign.Queries.Length
        ? new(campaign.Locations[position / campaign.Queries.Length], campaign.Queries[position % campaign.Queries.Length])
        : null;
}

/// <summary>Where a sweep stands: the next search, its next page, and Google's token for that page.</summary>
internal sealed record Cursor(int Search, int Page, string? PageToken)
{
    public static Cursor Of(CampaignRun run) => new(run.Search, run.Page, run.PageToken);

    /// <summary>Where it stands after a page: at the next one while Google has more and the campaign wants more, else at the next search.</summary>
    public Cursor After(string? nextPageToken, int pagesPerQuery) =>
        nextPageToken is not null && Page + 1 < pagesPerQuery ? new(Search, Page + 1, nextPageToken) : new(Search + 1, 0, null);
}
