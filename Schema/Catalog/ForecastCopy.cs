namespace Shabou.Schema.Catalog;

/// <summary>The last good answer of the forecast service for a part: what the product page shows while that service is away.</summary>
public sealed class ForecastCopy
{
    public required Guid ProductId { get; init; }

    /// <summary>Periods asked for.</summary>
    public required int Horizon { get; init; }

    /// <summary>The answer's JSON.</summary>
    public required string Body { get; set; }
    public required DateTimeOffset FetchedAt { get; set; }
}
