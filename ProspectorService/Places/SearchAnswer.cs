using System.Text.Json;
using System.Text.Json.Serialization;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Places;

/// <summary>The JSON of a search's answer, the fields of our mask.</summary>
internal sealed record SearchAnswer(IReadOnlyList<SearchAnswer.Place?>? Places, string? NextPageToken)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.Strict, MaxDepth = 16 };

    /// <summary>Only these are asked for, and they decide the price: phone, site and rating make it the Enterprise tier.</summary>
    public const string FieldMask =
        "places.id,places.displayName,places.formattedAddress,places.location,places.nationalPhoneNumber,places.internationalPhoneNumber,"
        + "places.websiteUri,places.rating,places.businessStatus,places.types,nextPageToken";

    private const int MostPlaces = 20;

    /// <summary>The answer without what would not fit: a place needs an id and a name, its other parts are dropped one by one.</summary>
    /// <exception cref="JsonException">It is no answer of a search.</exception>
    public PlacesAnswer.Page Check()
    {
        if (Places is { Count: > MostPlaces }) throw new JsonException($"The answer has {Places.Count} places, which is more than a page.");
        if (NextPageToken is { Length: > CampaignRun.PageTokenMaxLength }) throw new JsonException("The page token is too long.");
        return new([.. (Places ?? []).Select(Check).OfType<FoundPlace>()], string.IsNullOrEmpty(NextPageToken) ? null : NextPageToken);
    }

    private static FoundPlace? Check(Place? place)
    {
        if (place is not { Id: { Length: > 0 and <= Lead.PlaceIdMaxLength } id, DisplayName.Text: { Length: > 0 } name }) return null;
        var located = place.Location is { Latitude: >= -90 and <= 90, Longitude: >= -180 and <= 180 };
        return new(
            id, Cut(name, GoogleContent.TextMaxLength)!, Cut(place.FormattedAddress, GoogleContent.TextMaxLength),
            located ? place.Location!.Latitude : null, located ? place.Location!.Longitude : null,
            Short(place.NationalPhoneNumber, GoogleContent.PhoneMaxLength), Short(place.InternationalPhoneNumber, GoogleContent.PhoneMaxLength),
            Site(place.WebsiteUri), place.Rating is >= 1 and <= 5 ? place.Rating : null, Short(place.BusinessStatus, 32),
            [.. (place.Types ?? []).OfType<string>().Where(type => type.Length is > 0 and <= 60).Take(50)]);
    }

    private static string? Cut(string? text, int length) => text is null || text.Length <= length ? text : text[..length];

    private static string? Short(string? text, int length) => text is { Length: > 0 } && text.Length <= length ? text : null;

    private static string? Site(string? uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var site) && (site.Scheme == Uri.UriSchemeHttps || site.Scheme == Uri.UriSchemeHttp)
            ? Short(uri, GoogleContent.WebsiteMaxLength)
            : null;

    internal sealed record Place(
        string? Id, LocalizedText? DisplayName, string? FormattedAddress, LatLng? Location, string? NationalPhoneNumber, string? InternationalPhoneNumber,
        string? WebsiteUri, double? Rating, string? BusinessStatus, IReadOnlyList<string?>? Types);

    internal sealed record LocalizedText(string? Text);

    internal sealed record LatLng(double? Latitude, double? Longitude);
}
