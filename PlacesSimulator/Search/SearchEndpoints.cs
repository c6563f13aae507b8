using System.Text.Json;
using System.Text.Json.Nodes;
using Shabou.PlacesSimulator.Access;
using Shabou.PlacesSimulator.Calls;
using Shabou.PlacesSimulator.Errors;
using Shabou.PlacesSimulator.Fields;
using Shabou.PlacesSimulator.Places;

namespace Shabou.PlacesSimulator.Search;

/// <summary>POST /v1/places:searchText, as Google's Text Search (New).</summary>
internal static class SearchEndpoints
{
    private const string Method = "SearchText";

    public static void MapSearch(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/places:searchText", SearchAsync).WithName(Method).WithTags("Google Places")
            .Counted(Method).AddEndpointFilter<ApiKeyFilter>().Limited(Method);

    private static async Task<IResult> SearchAsync(HttpRequest http, PlaceSearch search, PageTokens tokens, CancellationToken cancellationToken)
    {
        var maskText = http.Headers[FieldMask.Header].ToString();
        if (maskText.Length == 0) return GoogleError.InvalidArgument(FieldMask.Missing);
        if (FieldMask.Parse(maskText, "places.", out var unknown) is not { } mask)
            return GoogleError.InvalidArgument($"Error expanding 'fields' parameter. Cannot find matching fields for path '{unknown}'.", unknown);

        SearchRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync<SearchRequest>(http.Body, SearchRequest.Json, cancellationToken);
        }
        catch (JsonException error)
        {
            return GoogleError.InvalidArgument($"Invalid JSON payload received: {error.Path ?? "$"} is unknown here or has the wrong type.", error.Path);
        }
        if (request is null) return GoogleError.InvalidArgument("Request payload is empty.");
        if (request.Problem() is { } problem) return GoogleError.InvalidArgument(problem);

        var offset = request.PageToken is null or "" ? 0 : tokens.Read(request);
        LoggedCall.Describe(http.HttpContext, request.TextQuery!, offset);
        return offset is { } start
            ? TypedResults.Json(mask.Apply(Page(request, start, [.. http.HttpContext.PlaceFaults().Change(search.Find(request)).Take(PlaceSearch.MostResults)], tokens)))
            : GoogleError.InvalidArgument("page_token is not valid, or the request differs from the one that it was given for.", "page_token");
    }

    private static JsonObject Page(SearchRequest request, int start, Place[] found, PageTokens tokens)
    {
        var inTunisia = string.Equals(request.RegionCode, "TN", StringComparison.OrdinalIgnoreCase);
        var answer = new JsonObject();
        var places = found.Skip(start).Take(request.Size).Select(place => (JsonNode)place.ToJson(request.Language, inTunisia)).ToArray();
        if (places.Length > 0) answer["places"] = new JsonArray(places);
        var end = start + places.Length;
        if (end < found.Length) answer["nextPageToken"] = tokens.Issue(request, end);
        return answer;
    }
}
