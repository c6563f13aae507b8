namespace Shabou.Schema.Catalog;

/// <summary>A part fits a vehicle.</summary>
public sealed class Fitment
{
    public required Guid ProductId { get; init; }
    public required Guid VehicleId { get; init; }
}
