using System.Globalization;
using Shabou.Schema;
using Shabou.Schema.Catalog;

namespace Shabou.Migrator.Demo;

/// <summary>Brands, categories, vehicles and parts, the same on every machine: each part kind for each vehicle, the most sold first.</summary>
internal sealed class DemoCatalog
{
    private readonly DateTimeOffset _now;
    private int _made;

    /// <param name="parts">How many parts, at most part kinds x vehicles.</param>
    /// <param name="now">Creation time; ids are ordered from here.</param>
    public DemoCatalog(int parts, DateTimeOffset now)
    {
        _now = now;
        Brands = [.. DemoFiles.PartKinds.SelectMany(k => k.Brands).Distinct().Order(StringComparer.Ordinal)
            .Select(name => new Brand { Id = NextId(), Name = name, Slug = name.ToLowerInvariant().Replace(' ', '-') })];
        foreach (var category in DemoFiles.Categories) Categories.Add(NewCategory(category));
        Vehicles = DemoFiles.Vehicles.ToDictionary(v => v.Code, NewVehicle);
        Parts = [.. (from kind in DemoFiles.PartKinds
                     from vehicle in DemoFiles.Vehicles
                     orderby kind.Monthly * vehicle.Share descending, kind.Code, vehicle.Code
                     select (kind, vehicle)).Take(parts).Select(p => NewPart(p.kind, p.vehicle))];
        Fitments = [.. Parts.Select(p => (p.Product.Id, p.Vehicle.Id))];
        Supersede();
    }

    public List<Brand> Brands { get; }
    public List<Category> Categories { get; } = [];

    /// <summary>By their codes.</summary>
    public Dictionary<string, Vehicle> Vehicles { get; }

    public List<DemoPart> Parts { get; }

    /// <summary>Part and vehicle: each part fits its own, and that of a part which it replaces.</summary>
    public List<(Guid Product, Guid Vehicle)> Fitments { get; }

    private Category NewCategory(DemoCategory demo)
    {
        var parent = demo.Parent.Length == 0 ? null : Categories.Single(c => c.Slug == demo.Parent);
        return new()
        {
            Id = NextId(), ParentId = parent?.Id, Slug = demo.Slug, Path = $"{parent?.Path}{demo.Slug}/",
            NameFr = demo.Fr, NameAr = demo.Ar, NameEn = demo.En,
        };
    }

    private Vehicle NewVehicle(DemoVehicle demo) => new()
    {
        Id = NextId(), KType = 10_000 + (int)((uint)Seed(demo.Code) % 90_000), Make = demo.Make, Model = demo.Model, Variant = demo.Variant,
        Engine = demo.Engine, Fuel = demo.Fuel, YearFrom = demo.From, YearTo = demo.To, VinPrefix = demo.Vin,
    };

    private DemoPart NewPart(DemoPartKind kind, DemoVehicle vehicle)
    {
        var sku = $"{kind.Code}-{vehicle.Code}";
        var random = new Random(Seed(sku)); // a seeded Random gives the same numbers on every machine
        var brand = kind.Brands[random.Next(kind.Brands.Count)];
        var product = new Product
        {
            Id = NextId(),
            Sku = sku,
            NameFr = $"{kind.Fr} {vehicle.Make} {vehicle.Model} {vehicle.Variant}",
            NameAr = $"{kind.Ar} {vehicle.Ar}",
            NameEn = $"{kind.En} {vehicle.Make} {vehicle.Model} {vehicle.Variant}",
            OeNumber = string.Create(CultureInfo.InvariantCulture, $"{random.Next(1000, 9999)}.{(char)('A' + random.Next(6))}{random.Next(10)} {random.Next(100, 999)}"),
            BrandId = Brands.Single(b => b.Name == brand).Id,
            CategoryId = Categories.Single(c => c.Slug == kind.Category).Id,
            Price = Money.Tnd(decimal.Round(kind.Price * vehicle.Factor * (0.9m + 0.2m * (decimal)random.NextDouble()), 1, MidpointRounding.ToEven)),
            VatRate = kind.Vat,
            CreatedAt = _now,
            UpdatedAt = _now,
        };
        if (random.Next(6) > 0) product.Gtin = DemoGtin.Of(Brands.FindIndex(b => b.Name == brand), _made); // some boxes have none
        product.References.Add(new() { Kind = ReferenceKind.Oe, Maker = vehicle.Make, Number = product.OeNumber });
        product.RefreshSearch();
        return new(product, kind.Monthly * vehicle.Share, kind.Code, Vehicles[vehicle.Code]);
    }

    /// <summary>Here and there a maker replaces a part by the one for the next vehicle of the same make, which then fits both.</summary>
    private void Supersede()
    {
        foreach (var kind in Parts.GroupBy(p => (p.Kind, p.Vehicle.Make, p.Product.BrandId)))
        {
            var parts = kind.OrderBy(p => p.Vehicle.YearFrom).ThenBy(p => p.Product.Sku, StringComparer.Ordinal).ToList();
            for (var i = 0; i + 1 < parts.Count; i++)
            {
                if ((uint)Seed("replaced " + parts[i].Product.Sku) % 16 != 0) continue;
                parts[i].Product.ReplacedById = parts[i + 1].Product.Id;
                Fitments.Add((parts[i + 1].Product.Id, parts[i].Vehicle.Id));
            }
        }
    }

    /// <summary>Ids a millisecond apart, so that the keyset shows parts in this order.</summary>
    private Guid NextId() => Guid.CreateVersion7(_now.AddMilliseconds(_made++));

    /// <summary>FNV-1a: string.GetHashCode differs in each process.</summary>
    internal static int Seed(string text) => (int)text.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u);
}

/// <param name="Monthly">Mean sales a month.</param>
/// <param name="Kind">Code of its kind.</param>
/// <param name="Vehicle">The one it is made for.</param>
internal sealed record DemoPart(Product Product, double Monthly, string Kind, Vehicle Vehicle);
