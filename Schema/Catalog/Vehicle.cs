namespace Shabou.Schema.Catalog;

/// <summary>A type of vehicle that parts fit.</summary>
public sealed class Vehicle : IAudited
{
    public const int MakeMaxLength = 60;
    public const int ModelMaxLength = 80;
    public const int VariantMaxLength = 100;
    public const int EngineMaxLength = 40;
    public const int FuelMaxLength = 20;
    public const int VinPrefixMaxLength = 11;

    public required Guid Id { get; init; }

    /// <summary>TecDoc's number of the type; unique where given.</summary>
    public int? KType { get; set; }

    public required string Make { get; set; }
    public required string Model { get; set; }

    /// <summary>Body and engine as the maker names the type: <c>1.5 dCi 90</c>.</summary>
    public required string Variant { get; set; }

    /// <summary>Engine code: <c>K9K 608</c>.</summary>
    public string? Engine { get; set; }
    public string? Fuel { get; set; }

    /// <summary>First year of production.</summary>
    public required int YearFrom { get; set; }

    /// <summary>Last year of production; null while it is built.</summary>
    public int? YearTo { get; set; }

    /// <summary>The first characters of the chassis numbers of this type, upper case.</summary>
    public string? VinPrefix { get; set; }

    public string ChangedBy { get; set; } = "system";
    public string? ChangedTrace { get; set; }

    /// <summary>PostgreSQL's xmin.</summary>
    public uint Version { get; init; }
}
