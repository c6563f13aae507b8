namespace Shabou.Schema.Catalog;

/// <summary>A part that the shop sells.</summary>
public sealed class Product : IAudited
{
    public const int SkuMaxLength = 64;
    public const int NameMaxLength = 200;
    public const int OeNumberMaxLength = 40;
    public const int ExternalIdMaxLength = 100;
    public const int GtinMaxLength = 14;

    public required Guid Id { get; init; }

    /// <summary>The shop's own number. Unique.</summary>
    public required string Sku { get; set; }

    /// <summary>The number under which another system, from which bulk upserts come, knows the part. Unique where given.</summary>
    public string? ExternalId { get; set; }

    /// <summary>GTIN-8, -12, -13 or -14 with a right check digit. Unique within a brand where given.</summary>
    public string? Gtin { get; set; }

    public required string NameFr { get; set; }
    public required string NameAr { get; set; }
    public string? NameEn { get; set; }

    /// <summary>The vehicle maker's number as it is printed, spaces and dots included. The first of <see cref="References"/> of kind Oe.</summary>
    public string? OeNumber { get; set; }

    /// <summary>Every number under which others know the part.</summary>
    public List<ReferenceNumber> References { get; init; } = [];

    public required Guid BrandId { get; set; }
    public Brand? Brand { get; init; }

    public required Guid CategoryId { get; set; }
    public Category? Category { get; init; }

    /// <summary>Before tax, as set by hand. A price list that is newer than <see cref="PriceSetAfter"/> overrides it.</summary>
    public required Money Price { get; set; }

    /// <summary>Number of the newest price list when <see cref="Price"/> was set: only later ones override it.</summary>
    public int PriceSetAfter { get; set; }

    /// <summary>The first price, p0 of the price index. The database sets it once.</summary>
    public decimal BasePrice { get; private set; }

    /// <summary>Units sold in the base period, q0 of the price index: the part's weight. Default 1.</summary>
    public decimal BaseQuantity { get; set; } = 1;

    /// <summary>Percent: 19, 13 or 7.</summary>
    public required decimal VatRate { get; set; }

    /// <summary>The part that is sold instead of this one.</summary>
    public Guid? ReplacedById { get; set; }

    /// <summary>Deleted parts keep their row: they can be restored, and their history stays.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>What a search looks through: names and numbers, folded by <see cref="SearchText"/>. The database adds the brand.</summary>
    public string Search { get; private set; } = "";

    /// <summary>The part as lists show it, without its price: a JSON object that the database renders on each write of the part, its brand or its category.</summary>
    public string Card { get; private set; } = "";

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }

    public string ChangedBy { get; set; } = "system";
    public string? ChangedTrace { get; set; }

    /// <summary>PostgreSQL's xmin: changes with each write, whoever makes it.</summary>
    public uint Version { get; init; }

    /// <summary>Call after changing a name or a number.</summary>
    public void RefreshSearch() => Search = SearchText.OfPart(
        [NameFr, NameAr, NameEn], [Sku, Gtin, OeNumber, .. References.Select(r => r.Number)]);
}
