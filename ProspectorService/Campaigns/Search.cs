using Shabou.ProspectorService.Places;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Campaigns;

/// <summary>One search of a campaign.</summary>
/// <param name="Location">Null in a grid.</param>
/// <param name="Within">The cell of a grid; null where the location says where.</param>
internal sealed record Search(string? Location, string Query, GeoRectangle? Within)
{
    public string Text => Location is null ? Query : $"{Query} {Location}";

    /// <summary>The search at a position, location by location or cell by cell; null past the end.</summary>
    public static Search? At(Campaign campaign, int position)
    {
        if (position >= campaign.Searches) return null;
        var (place, query) = (position / campaign.Queries.Length, campaign.Queries[position % campaign.Queries.Length]);
        return SearchGrid.Parse(campaign.Grid) is { } grid ? new(null, query, grid.Cell(place)) : new(campaign.Locations[place], query, null);
    }
}

/// <summary>Where a sweep stands: the next search, its next page, and Google's token for that page.</summary>
internal sealed record Cursor(int Search, int Page, string? PageToken)
{
    public static Cursor Of(CampaignRun run) => new(run.Search, run.Page, run.PageToken);

    /// <summary>Where it stands after a page: at the next one while Google has more and the campaign wants more, else at the next search.</summary>
    public Cursor After(string? nextPageToken, int pagesPerQuery) =>
        nextPageToken is not null && Page + 1 < pagesPerQuery ? new(Search, Page + 1, nextPageToken) : new(Search + 1, 0, null);
}
