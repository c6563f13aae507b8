using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Timeout;
using Shabou.ProspectorService.Budgets;

namespace Shabou.ProspectorService.Places;

/// <summary>Asks Google Places. Each call needs a reservation, which it uses up or gives back: never neither.</summary>
internal sealed partial class PlacesClient(
    HttpClient http, PlacesBudget budget, IOptions<PlacesOptions> options, TimeProvider time, ILogger<PlacesClient> logger)
{
    private const string Path = "v1/places:searchText";
    private const int PageSize = 20;

    /// <summary>Fetches one page of a search.</summary>
    /// <param name="query">Which.</param>
    /// <param name="reservation">Pays for it; used for one attempt.</param>
    /// <returns>What came of it. Failures are answers too: the call is paid all the same.</returns>
    /// <remarks>It takes no token: a call that is under way is paid, so its answer is worth the few seconds that it may take.</remarks>
    public async Task<PlacesAnswer> SearchAsync(PlacesQuery query, Reservation reservation)
    {
        using var timeout = new CancellationTokenSource(options.Value.Timeout, time);
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = JsonContent.Create(new
            {
                textQuery = query.Text, pageSize = PageSize, pageToken = query.PageToken, languageCode = query.LanguageCode, regionCode = "TN", locationRestriction = Restriction(query.Within),
            }),
        };
        request.Headers.Add("X-Goog-FieldMask", SearchAnswer.FieldMask);
        request.Options.Set(Reservation.OptionsKey, reservation);
        try
        {
            using var response = await http.SendAsync(request, timeout.Token);
            var content = await response.Content.ReadAsByteArrayAsync(timeout.Token);
            return response.IsSuccessStatusCode ? Read(content) : Explain(ErrorAnswer.Read(response.StatusCode, content));
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or ExecutionRejectedException or LapsedReservationException or JsonException)
        {
            LogFailed(error.Message);
            return new PlacesAnswer.Failed(error switch
            {
                OperationCanceledException or TimeoutRejectedException => "timeout",
                ExecutionRejectedException or LapsedReservationException => "not-sent",
                JsonException => "malformed",
                HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "too-large",
                _ => "connection",
            });
        }
        finally
        {
            // When a breaker or a limiter kept the request from the wire, nothing was sent and nothing is paid.
            await budget.ReleaseAsync(reservation);
        }
    }

    private static object? Restriction(GeoRectangle? within) => within is null ? null : new
    {
        rectangle = new
        {
            low = new { latitude = within.South, longitude = within.West },
            high = new { latitude = within.North, longitude = within.East },
        },
    };

    private static PlacesAnswer.Page Read(byte[] content) =>
        JsonSerializer.Deserialize<SearchAnswer>(content, SearchAnswer.Json)?.Check() ?? throw new JsonException("The answer is null.");

    private PlacesAnswer Explain(PlacesAnswer answer)
    {
        LogRefused(answer);
        return answer;
    }

    [LoggerMessage(LogLevel.Warning, "Google Places gave no usable answer: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(LogLevel.Warning, "Google Places refused a call: {Answer}")]
    private partial void LogRefused(PlacesAnswer answer);
}
