using System.ComponentModel.DataAnnotations;

namespace Shabou.CatalogApi.Fitments;

/// <summary>The vehicles that a part fits; all others are taken away.</summary>
/// <param name="Vehicles">Ids or KTypes, at most 5,000.</param>
public sealed record FitmentsWrite([property: Required, MaxLength(FitmentsWrite.MaxVehicles)] IReadOnlyList<string> Vehicles)
{
    internal const int MaxVehicles = 5_000;
}
