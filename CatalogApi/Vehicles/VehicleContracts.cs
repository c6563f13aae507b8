using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Text.Json.Serialization;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Vehicles;

/// <summary>A type of vehicle.</summary>
/// <param name="KType">TecDoc's number of the type.</param>
/// <param name="Variant">Body and engine: <c>1.5 dCi 90</c>.</param>
/// <param name="Engine">Engine code: <c>K9K 608</c>.</param>
/// <param name="YearFrom">First year of production.</param>
/// <param name="YearTo">Last year of production; null while it is built.</param>
/// <param name="VinPrefix">The first characters of the chassis numbers of this type.</param>
public sealed record VehicleView(
    Guid Id, [property: JsonPropertyName("ktype")] int? KType, string Make, string Model, string Variant, string? Engine, string? Fuel,
    int YearFrom, int? YearTo, string? VinPrefix)
{
    internal static readonly Expression<Func<Vehicle, VehicleView>> FromVehicle = v =>
        new VehicleView(v.Id, v.KType, v.Make, v.Model, v.Variant, v.Engine, v.Fuel, v.YearFrom, v.YearTo, v.VinPrefix);

    internal static readonly Func<Vehicle, VehicleView> Of = FromVehicle.Compile();
}

/// <summary>What <c>POST</c> and <c>PUT</c> take: the whole vehicle.</summary>
/// <param name="KType">TecDoc's number of the type; unique where given.</param>
/// <param name="YearTo">Last year of production; null while it is built.</param>
/// <param name="VinPrefix">The first 1 to 11 characters of the chassis numbers of this type; never I, O or Q.</param>
public sealed record VehicleWrite(
    [property: Required, StringLength(Vehicle.MakeMaxLength, MinimumLength = 1)] string Make,
    [property: Required, StringLength(Vehicle.ModelMaxLength, MinimumLength = 1)] string Model,
    [property: Required, StringLength(Vehicle.VariantMaxLength, MinimumLength = 1)] string Variant,
    [property: Range(VehicleWrite.FirstYear, VehicleWrite.LastYear)] int YearFrom,
    [property: Range(VehicleWrite.FirstYear, VehicleWrite.LastYear)] int? YearTo = null,
    [property: JsonPropertyName("ktype"), Range(1, int.MaxValue)] int? KType = null,
    [property: StringLength(Vehicle.EngineMaxLength, MinimumLength = 1)] string? Engine = null,
    [property: StringLength(Vehicle.FuelMaxLength, MinimumLength = 1)] string? Fuel = null,
    [property: StringLength(Vehicle.VinPrefixMaxLength, MinimumLength = 1), RegularExpression("^[A-HJ-NPR-Za-hj-npr-z0-9]*$", ErrorMessage = "vinPrefix has letters without I, O and Q, and digits.")]
    string? VinPrefix = null) : IValidatableObject
{
    internal const int FirstYear = 1886;
    internal const int LastYear = 2100;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (YearTo < YearFrom) yield return new("yearTo must not be before yearFrom.", [nameof(YearTo)]);
    }
}
