using System.Net;
using System.Text.Json;

namespace Shabou.ProspectorService.Places;

/// <summary>The JSON of Google's errors.</summary>
internal sealed record ErrorAnswer(ErrorAnswer.Body? Error)
{
    /// <summary>What an error answer means for us.</summary>
    public static PlacesAnswer Read(HttpStatusCode status, byte[] content)
    {
        Body? error = null;
        try
        {
            error = JsonSerializer.Deserialize<ErrorAnswer>(content, SearchAnswer.Json)?.Error;
        }
        catch (JsonException)
        {
            // Not from Google's API but from something in between; the status must do.
        }
        var message = error?.Message ?? $"HTTP {(int)status}";
        return (int)status switch
        {
            429 => Quota(error),
            401 or 403 => new PlacesAnswer.KeyRefused(message),
            400 when error?.Details?.Any(detail => detail?.Reason == "API_KEY_INVALID") == true => new PlacesAnswer.KeyRefused(message),
            >= 400 and < 500 => new PlacesAnswer.Refused(message),
            _ => new PlacesAnswer.Failed($"http-{(int)status}"),
        };
    }

    // The two differ only by the name of the limit. What is not surely a minute's quota is taken for one that does not heal soon.
    private static PlacesAnswer Quota(Body? error)
    {
        var limit = error?.Details?.Select(detail => detail?.Metadata).OfType<Dictionary<string, string?>>()
            .Select(metadata => metadata.GetValueOrDefault("quota_limit")).FirstOrDefault(name => name is not null);
        return limit is not null && limit.Contains("PerMinute", StringComparison.OrdinalIgnoreCase)
            ? new PlacesAnswer.MinuteQuota()
            : new PlacesAnswer.DayQuota(limit ?? "unnamed");
    }

    internal sealed record Body(string? Message, string? Status, IReadOnlyList<Detail?>? Details);

    internal sealed record Detail(string? Reason, Dictionary<string, string?>? Metadata);
}
