using System.Text.RegularExpressions;
using Shabou.PlacesSimulator.Access;
using Shabou.PlacesSimulator.Calls;
using Shabou.PlacesSimulator.Errors;
using Shabou.PlacesSimulator.Fields;
using Shabou.PlacesSimulator.Places;

namespace Shabou.PlacesSimulator.Details;

/// <summary>GET /v1/places/{id}, as Google's Place Details (New).</summary>
internal static partial class DetailsEndpoints
{
    private const string Method = "GetPlace";

    public static void MapDetails(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/places/{id}", Get).WithName(Method).WithTags("Google Places")
            .Counted(Method).AddEndpointFilter<ApiKeyFilter>().Limited(Method);

    private static IResult Get(string id, HttpRequest http, PlaceBook book, string? languageCode = null, string? regionCode = null)
    {
        var maskText = http.Headers[FieldMask.Header].ToString();
        if (maskText.Length == 0) return GoogleError.InvalidArgument(FieldMask.Missing);
        if (FieldMask.Parse(maskText, "", out var unknown) is not { } mask)
            return GoogleError.InvalidArgument($"Error expanding 'fields' parameter. Cannot find matching fields for path '{unknown}'.", unknown);
        if (!PlaceId.IsMatch(id)) return GoogleError.InvalidArgument($"Not a valid Place ID: {id}", "name");
        LoggedCall.Describe(http.HttpContext, id);
        if (book.Find(id) is not { } place || http.HttpContext.PlaceFaults().HasVanished(place))
            return GoogleError.NotFound("The Place ID is no longer valid. Please refresh cached Place IDs.");
        var language = languageCode?.StartsWith("ar", StringComparison.OrdinalIgnoreCase) == true ? "ar" : "fr";
        return TypedResults.Json(mask.Apply(place.ToJson(language, string.Equals(regionCode, "TN", StringComparison.OrdinalIgnoreCase))));
    }

    [GeneratedRegex("^ChIJ[A-Za-z0-9_-]{23}$")]
    private static partial Regex PlaceId { get; }
}
