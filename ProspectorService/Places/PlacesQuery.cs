namespace Shabou.ProspectorService.Places;

/// <summary>One page of a text search.</summary>
/// <param name="Text">What and where, for example "pièces auto Sfax".</param>
/// <param name="LanguageCode">"fr", "ar" or "en".</param>
/// <param name="PageToken">Null for the first page.</param>
/// <param name="Within">Only places in this rectangle; null where the text says where.</param>
internal sealed record PlacesQuery(string Text, string LanguageCode, string? PageToken, GeoRectangle? Within = null);

/// <summary>A rectangle in degrees.</summary>
internal sealed record GeoRectangle(double South, double West, double North, double East);

/// <summary>A place as Google describes it, checked: lengths and ranges fit the database.</summary>
internal sealed record FoundPlace(
    string PlaceId, string Name, string? Address, double? Latitude, double? Longitude, string? NationalPhone, string? InternationalPhone,
    string? Website, double? Rating, string? BusinessStatus, IReadOnlyList<string> Types);

/// <summary>How a paid call ended.</summary>
internal abstract record PlacesAnswer
{
    private PlacesAnswer()
    {
    }

    /// <summary>Places, and the token of the next page when there is one.</summary>
    public sealed record Page(IReadOnlyList<FoundPlace> Places, string? NextPageToken) : PlacesAnswer;

    /// <summary>The quota of calls a minute is used up; it heals by itself.</summary>
    public sealed record MinuteQuota : PlacesAnswer;

    /// <summary>The quota of calls a day is used up, or one whose name we do not know: stop.</summary>
    public sealed record DayQuota(string Limit) : PlacesAnswer;

    /// <summary>The key is not accepted.</summary>
    public sealed record KeyRefused(string Message) : PlacesAnswer;

    /// <summary>Google does not accept the request itself.</summary>
    public sealed record Refused(string Message) : PlacesAnswer;

    /// <summary>No usable answer; a later try may have one.</summary>
    public sealed record Failed(string Reason) : PlacesAnswer;
}
