namespace Shabou.Schema.Forecast;

/// <summary>Demand of one part in one period. A period without a row is missing, not zero.</summary>
public sealed class DemandObservation
{
    public required Guid SeriesId { get; init; }
    public DemandSeries? Series { get; init; }

    /// <summary>First day of the period.</summary>
    public required DateOnly Period { get; init; }

    /// <summary>Units, at least 0, finite.</summary>
    public required double Quantity { get; set; }

    /// <summary>False when the part was out of stock, so that the quantity says nothing about demand.</summary>
    public required bool InStock { get; set; }
}
