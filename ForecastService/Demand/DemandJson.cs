using System.Text.Json;

namespace Shabou.ForecastService.Demand;

/// <summary>Reads demand from JSON: <see cref="DemandDocument"/>.</summary>
internal static class DemandJson
{
    /// <exception cref="JsonException">It is not JSON, or not of that form.</exception>
    /// <exception cref="DemandTooLargeException">A limit is passed.</exception>
    public static async Task ReadAsync(Stream body, JsonSerializerOptions options, DemandBatch batch, CancellationToken cancellationToken)
    {
        DemandDocument document;
        try
        {
            document = await JsonSerializer.DeserializeAsync<DemandDocument>(body, options, cancellationToken) ?? throw new JsonException();
        }
        catch (InvalidDataException)
        {
            throw new DemandUnreadableException("The gzip body is damaged or cut short.");
        }

        if (document.Observations is null) throw new DemandUnreadableException("The body must have 'observations', a list of sku, period, quantity and inStock.");
        for (var i = 0; i < document.Observations.Count; i++)
        {
            if (document.Observations[i] is not { } row)
                batch.Errors.Add(i + 1, "The observation is null.");
            else if (batch.TryAddSeries(i + 1, row.Sku?.Trim() ?? "", document.Frequency ?? "", out var series) && row.Quantity is { } quantity)
                batch.Add(i + 1, new DemandValue(series, Periods.IndexOf(batch.Series[series].Frequency, row.Period), quantity, row.InStock));
        }
    }
}
