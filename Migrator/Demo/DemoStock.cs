using Shabou.Schema.Catalog;

namespace Shabou.Migrator.Demo;

/// <summary>Two warehouses, two suppliers, and what lies on the shelves: some months' sales in the main warehouse, and some parts in the second too.</summary>
internal sealed class DemoStock(DateTimeOffset now)
{
    public Warehouse Main { get; } = new() { Id = Guid.CreateVersion7(now), Slug = "tunis", Name = "Entrepôt principal, Tunis" };

    public Warehouse Second { get; } = new() { Id = Guid.CreateVersion7(now), Slug = "sfax", Name = "Dépôt de Sfax" };

    public List<Supplier> Suppliers { get; } =
    [
        new() { Id = Guid.CreateVersion7(now), Slug = "carthage-pieces", Name = "Carthage Pièces Distribution" },
        new() { Id = Guid.CreateVersion7(now), Slug = "sud-auto-import", Name = "Sud Auto Import" },
    ];

    /// <summary>How much of each part lies where. A part that is replaced is sold out.</summary>
    public IEnumerable<(Guid Product, Guid Warehouse, int OnHand)> Levels(IEnumerable<DemoPart> parts)
    {
        foreach (var part in parts)
        {
            var random = new Random(DemoCatalog.Seed("stock " + part.Product.Sku));
            var sold = part.Product.ReplacedById is not null;
            yield return (part.Product.Id, Main.Id, sold ? 0 : random.Next((int)(3 * part.Monthly) + 4));
            if (random.Next(3) == 0) yield return (part.Product.Id, Second.Id, sold ? 0 : random.Next((int)part.Monthly + 3));
        }
    }
}
