using System.Globalization;
using Shabou.Schema;
using Shabou.Schema.Catalog;

namespace Shabou.Migrator.Demo;

/// <summary>Brands, categories and parts, the same on every machine: each part kind for each vehicle, the most sold first.</summary>
internal sealed class DemoCatalog
{
    private readonly DateTimeOffset _now;
    private int _made;

    /// <param name="parts">How many parts, at most part kinds x vehicles.</param>
    /// <param name="now">Creation time; ids are ordered from here.</param>
    public DemoCatalog(int parts, DateTimeOffset now)
    {
        _now = now;
        Brands = [.. DemoFiles.PartKinds.SelectMany(k => k.brands.Split('|')).Distinct().Order(StringComparer.Ordinal)
            .Select(name => new Brand { Id = NextId(), Name = name, Slug = name.ToLowerInvariant().Replace(' ', '-') })];
        foreach (var category in DemoFiles.Categories) Categories.Add(NewCategory(category));
        Parts = [.. (from kind in DemoFiles.PartKinds
                     from vehicle in DemoFiles.Vehicles
                     orderby kind.monthly * vehicle.share descending, kind.code, vehicle.code
                     select (kind, vehicle)).Take(parts).Select(p => NewPart(p.kind, p.vehicle))];
    }

    public List<Brand> Brands { get; }
    public List<Category> Categories { get; } = [];

    /// <summary>Parts with their mean monthly sales.</summary>
    public List<(Product Product, double Monthly)> Parts { get; }

    private Category NewCategory(DemoCategory demo)
    {
        var parent = demo.parent.Length == 0 ? null : Categories.Single(c => c.Slug == demo.parent);
        return new()
        {
            Id = NextId(), ParentId = parent?.Id, Slug = demo.slug, Path = $"{parent?.Path}{demo.slug}/",
            NameFr = demo.fr, NameAr = demo.ar, NameEn = demo.en,
        };
    }

    private (Product, double) NewPart(DemoPartKind kind, DemoVehicle vehicle)
    {
        var sku = $"{kind.code}-{vehicle.code}";
        var random = new Random(Seed(sku)); // a seeded Random gives the same numbers on every machine
        var brands = kind.brands.Split('|');
        var brand = brands[random.Next(brands.Length)];
        var product = new Product
        {
            Id = NextId(),
            Sku = sku,
            NameFr = $"{kind.fr} {vehicle.make} {vehicle.model}",
            NameAr = $"{kind.ar} {vehicle.ar}",
            NameEn = $"{kind.en} {vehicle.make} {vehicle.model}",
            OeNumber = string.Create(CultureInfo.InvariantCulture, $"{random.Next(1000, 9999)}.{(char)('A' + random.Next(6))}{random.Next(10)} {random.Next(100, 999)}"),
            BrandId = Brands.Single(b => b.Name == brand).Id,
            CategoryId = Categories.Single(c => c.Slug == kind.category).Id,
            Price = Money.Tnd(decimal.Round(kind.price * vehicle.factor * (0.9m + 0.2m * (decimal)random.NextDouble()), 1, MidpointRounding.ToEven)),
            VatRate = kind.vat,
            CreatedAt = _now,
            UpdatedAt = _now,
        };
        product.RefreshSearch();
        return (product, kind.monthly * vehicle.share);
    }

    /// <summary>Ids a millisecond apart, so that the keyset shows parts in this order.</summary>
    private Guid NextId() => Guid.CreateVersion7(_now.AddMilliseconds(_made++));

    /// <summary>FNV-1a: string.GetHashCode differs in each process.</summary>
    internal static int Seed(string text) => (int)text.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u);
}
