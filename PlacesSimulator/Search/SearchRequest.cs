using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shabou.PlacesSimulator.Search;

/// <summary>The body of places:searchText, the part that is simulated. Any other member is refused, so that nothing is silently ignored.</summary>
internal sealed record SearchRequest(
    string? TextQuery, int? PageSize, string? PageToken, string? LanguageCode, string? RegionCode, Area? LocationBias, Area? LocationRestriction)
{
    public static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, NumberHandling = JsonNumberHandling.Strict };

    public string Language => LanguageCode is { } code && code.StartsWith("ar", StringComparison.OrdinalIgnoreCase) ? "ar" : "fr";

    /// <summary>Google takes 20 for none and for more than 20.</summary>
    public int Size => PageSize is null or 0 or > 20 ? 20 : PageSize.Value;

    /// <summary>Why Google would refuse the request; null when it would not.</summary>
    public string? Problem() => this switch
    {
        { TextQuery: null or "" } => "Empty text_query.",
        { PageSize: < 0 } => "page_size must not be negative.",
        { LocationBias: not null, LocationRestriction: not null } => "Only one of location_bias and location_restriction may be set.",
        _ => LocationBias?.Problem("location_bias", circleAllowed: true) ?? LocationRestriction?.Problem("location_restriction", circleAllowed: false),
    };
}
