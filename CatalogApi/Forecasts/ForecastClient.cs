using System.Globalization;
using System.Net;
using System.Text.Json;
using Polly;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.CatalogApi.Forecasts;

/// <summary>What the forecast service said about a part.</summary>
/// <param name="Body">The forecast's JSON; null when there is none.</param>
/// <param name="Refusal">Why there is none; null when the service did not answer as it should.</param>
internal sealed record ForecastReply(byte[]? Body, HttpStatusCode? Refusal = null, string? Detail = null)
{
    public static readonly ForecastReply Away = new(Body: null);
}

/// <summary>Asks the forecast service, through the breaker that all outgoing calls have.</summary>
internal sealed class ForecastClient(HttpClient http)
{
    public const int LargestAnswerBytes = 1 << 20;

    /// <summary>Never throws for a service that is away: that is an answer here.</summary>
    /// <param name="caller">On whose behalf: the forecast service sees the same caller.</param>
    public async Task<ForecastReply> AskAsync(string sku, int? horizon, HttpContext caller, CancellationToken cancellationToken)
    {
        var query = horizon is { } steps ? string.Create(CultureInfo.InvariantCulture, $"?horizon={steps}") : "";
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"api/v1/forecasts/{Uri.EscapeDataString(sku)}{query}", UriKind.Relative)).OnBehalfOf(caller);
            using var response = await http.SendAsync(request, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await ReadAsync(response, cancellationToken),
                HttpStatusCode.NotFound or HttpStatusCode.BadRequest => new(null, response.StatusCode, await DetailAsync(response, cancellationToken)),
                _ => ForecastReply.Away,
            };
        }
        catch (Exception error) when (error is HttpRequestException or ExecutionRejectedException or JsonException)
        {
            return ForecastReply.Away; // no connection, too slow, an open breaker, or no forecast at all
        }
    }

    private static async Task<ForecastReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        using var forecast = JsonDocument.Parse(body);
        if (forecast.RootElement.ValueKind != JsonValueKind.Object || !forecast.RootElement.TryGetProperty("steps", out _)) return ForecastReply.Away;
        return new(JsonSerializer.SerializeToUtf8Bytes(forecast.RootElement)); // ends in a brace
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return problem.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
    }
}
