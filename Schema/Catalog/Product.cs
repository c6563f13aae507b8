namespace Shabou.Schema.Catalog;

/// <summary>A part that the shop sells.</summary>
public sealed class Product
{
    public const int SkuMaxLength = 64;
    public const int NameMaxLength = 200;
    public const int OeNumberMaxLength = 40;

    public required Guid Id { get; init; }

    /// <summary>The shop's own number. Unique.</summary>
    public required string Sku { get; set; }

    public required string NameFr { get; set; }
    public required string NameAr { get; set; }
    public string? NameEn { get; set; }

    /// <summary>The vehicle maker's number as it is printed, spaces and dots included.</summary>
    public string? OeNumber { get; set; }

    public required Guid BrandId { get; set; }
    public Brand? Brand { get; init; }

    public required Guid CategoryId { get; set; }
    public Category? Category { get; init; }

    /// <summary>Before tax.</summary>
    public required Money Price { get; set; }

    /// <summary>Percent: 19, 13 or 7.</summary>
    public required decimal VatRate { get; set; }

    /// <summary>What a search looks through: names, SKU and OE number, folded by <see cref="SearchText"/>.</summary>
    public string Search { get; private set; } = "";

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>PostgreSQL's xmin: changes with each write, whoever makes it.</summary>
    public uint Version { get; init; }

    /// <summary>Call after changing a name, the SKU or the OE number.</summary>
    public void RefreshSearch() =>
        Search = SearchText.Fold($"{Sku} {NameFr} {NameAr} {NameEn} {OeNumber} {OeNumbers.Normalise(OeNumber)}");
}
