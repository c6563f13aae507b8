namespace Shabou.Schema.Forecast;

/// <summary>The demand history of one part: its grid of periods; the values are <see cref="DemandObservation"/>s.</summary>
public sealed class DemandSeries
{
    public const int SkuMaxLength = 64;

    public required Guid Id { get; init; }

    /// <summary>The part; not a foreign key, because history may arrive before the catalog knows the part.</summary>
    public required string Sku { get; init; }

    /// <summary>Length of a period: Y, Q, M, W (from Monday), D, or O for periods without a calendar, numbered as days from 1970-01-01.</summary>
    public required char Frequency { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When an import last touched it.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    public List<DemandObservation> Observations { get; } = [];
}
