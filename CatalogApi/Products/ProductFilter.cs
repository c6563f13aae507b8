using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Products;

/// <summary>What narrows a list of parts. All given filters must match.</summary>
/// <param name="Q">Words, each of which must occur in a name, a number or the brand; accents, case and small typing errors do not matter.</param>
/// <param name="Brand">Slugs of brands, any of which may match; repeat the parameter or separate them by commas.</param>
/// <param name="Category">Slugs of categories, any of which may match; parts of categories below them match too.</param>
/// <param name="Vehicle">Id or KType of a vehicle that the part must fit.</param>
/// <param name="Oem">A vehicle maker's number, separators and case do not matter; the parts of every maker that has it.</param>
/// <param name="Gtin">A GTIN.</param>
/// <param name="InStock">true: some warehouse has a piece that is not reserved; false: none has.</param>
/// <param name="MinPrice">Lowest price before tax, dinars. A list with a price range is in the order of prices.</param>
/// <param name="MaxPrice">Highest price before tax, dinars.</param>
/// <param name="Sort">created (default), -created (newest first), price or -price.</param>
/// <param name="Facets">true: count the matching parts per brand and per category.</param>
internal sealed record ProductFilter(
    string? Q, string[]? Brand, string[]? Category, string? Vehicle, string? Oem, string? Gtin, bool? InStock,
    decimal? MinPrice, decimal? MaxPrice, string? Sort, bool? Facets)
{
    public const int QueryMaxLength = 200;
    private const int MaxValues = 50;
    private const decimal LargestPrice = 999_999_999.999m;
    private static readonly string[] s_sorts = ["created", "-created", "price", "-price"];

    /// <summary>All parts that fit a vehicle.</summary>
    public static ProductFilter OfVehicle(Guid vehicle) => new(null, null, null, vehicle.ToString(), null, null, null, null, null, null, null);

    public IReadOnlyList<string> Brands { get; } = Split(Brand);
    public IReadOnlyList<string> Categories { get; } = Split(Category);
    public IReadOnlyList<string> Words { get; } = [.. SearchText.Words(Q ?? "").Distinct().Take(MaxValues)];

    public bool HasPriceRange => MinPrice is not null || MaxPrice is not null;

    /// <summary>One of created, -created, price, -price.</summary>
    public string Order => string.IsNullOrEmpty(Sort) ? HasPriceRange ? "price" : "created" : Sort;

    public bool IsByPrice => Order is "price" or "-price";
    public bool IsDescending => Order[0] == '-';

    /// <summary>What follows each column of ORDER BY.</summary>
    public string Direction => IsDescending ? " DESC" : "";

    /// <summary>The same for requests that ask the same, whatever else their addresses have.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture,
        $"{string.Join(' ', Words)}|{string.Join(',', Brands)}|{string.Join(',', Categories)}|{Vehicle}|{OeNumbers.Normalise(Oem ?? "")}|{Gtin}|{InStock}|{MinPrice}|{MaxPrice}|{Order}|{Facets}");

    /// <summary>A refusal that names every wrong filter, or null.</summary>
    public ProblemHttpResult? Refuse()
    {
        var errors = new Dictionary<string, string[]>();
        if (Q?.Length > QueryMaxLength) errors["q"] = [$"must have at most {QueryMaxLength} characters."];
        if (!Slugs(Brands)) errors["brand"] = [$"has at most {MaxValues} slugs of at most {Schema.Catalog.Brand.SlugMaxLength} characters; GET /api/v1/brands lists them."];
        if (!Slugs(Categories)) errors["category"] = [$"has at most {MaxValues} slugs of at most {Schema.Catalog.Category.SlugMaxLength} characters; GET /api/v1/categories lists them."];
        if (!string.IsNullOrEmpty(Vehicle) && !Guid.TryParse(Vehicle, out _) && KType is null) errors["vehicle"] = ["must be a vehicle's id or its KType, a number; GET /api/v1/vehicles lists them."];
        if (Oem?.Length > Product.OeNumberMaxLength) errors["oem"] = [$"must have at most {Product.OeNumberMaxLength} characters."];
        if (!string.IsNullOrEmpty(Gtin) && !Products.Gtin.IsValid(Gtin)) errors["gtin"] = ["must have 8, 12, 13 or 14 digits, the last of them the check digit."];
        if (MinPrice is < 0 or > LargestPrice) errors["minPrice"] = [$"must be 0 to {LargestPrice.ToString(CultureInfo.InvariantCulture)}."];
        if (MaxPrice is < 0 or > LargestPrice) errors["maxPrice"] = [$"must be 0 to {LargestPrice.ToString(CultureInfo.InvariantCulture)}."];
        if (MinPrice > MaxPrice) errors["maxPrice"] = ["must not be below minPrice."];
        if (!s_sorts.Contains(Order)) errors["sort"] = [$"must be one of {string.Join(", ", s_sorts)}."];
        else if (HasPriceRange && Order.EndsWith("created", StringComparison.Ordinal)) errors["sort"] = ["must be price or -price together with a price range."];
        return errors.Count == 0 ? null : Problem.Invalid(errors);
    }

    internal int? KType => int.TryParse(Vehicle, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool Slugs(IReadOnlyList<string> slugs) => slugs.Count <= MaxValues && slugs.All(s => s.Length <= Schema.Catalog.Brand.SlugMaxLength);

    private static List<string> Split(string[]? values) => [.. (values ?? []).SelectMany(v => v.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];
}
