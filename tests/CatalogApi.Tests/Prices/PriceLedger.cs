using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Tests.Prices;

/// <summary>Everything that follows from prices, computed anew from their history part by part: the slow way that the stored sums must equal.</summary>
internal sealed class PriceLedger
{
    private PriceLedger(Dictionary<Guid, decimal> prices, Dictionary<(Guid Brand, Guid Category), (decimal Base, decimal Current)> sums, Dictionary<Guid, int?> current) =>
        (Prices, Sums, Current) = (prices, sums, current);

    /// <summary>What each part costs, deleted ones included.</summary>
    public Dictionary<Guid, decimal> Prices { get; }

    /// <summary>Sums of p0 x q0 and p x q0 of the parts that are not deleted.</summary>
    public Dictionary<(Guid Brand, Guid Category), (decimal Base, decimal Current)> Sums { get; }

    /// <summary>Which list of each supplier counts.</summary>
    public Dictionary<Guid, int?> Current { get; }

    public static async Task<PriceLedger> ReadAsync(ShabouContext context, CancellationToken cancellationToken)
    {
        // From what happened to the lists, not from the pointers.
        var lists = await context.PriceLists.AsNoTracking().Where(l => l.State == PriceListState.Applied).ToListAsync(cancellationToken);
        var current = await context.Suppliers.Select(s => s.Id).ToDictionaryAsync(s => s, s => lists.Where(l => l.SupplierId == s).Max(l => l.Number), cancellationToken);
        var counting = current.Values.OfType<int>().ToHashSet();
        var rows = (await context.Prices.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(p => p.ProductId);
        var changes = (await context.PriceChanges.AsNoTracking().OrderBy(c => c.Id).ToListAsync(cancellationToken)).ToLookup(c => c.ProductId);
        var prices = new Dictionary<Guid, decimal>();
        var sums = new Dictionary<(Guid, Guid), (decimal Base, decimal Current)>();
        foreach (var part in await context.Products.AsNoTracking().ToListAsync(cancellationToken))
        {
            var byHand = changes[part.Id].Last();
            var byList = rows[part.Id].Where(r => counting.Contains(r.PriceListNumber) && r.PriceListNumber > byHand.SetAfter).MaxBy(r => r.PriceListNumber);
            var price = prices[part.Id] = byList?.Amount ?? byHand.Amount;
            if (part.DeletedAt is not null) continue;
            var sum = sums.GetValueOrDefault((part.BrandId, part.CategoryId));
            sums[(part.BrandId, part.CategoryId)] = (sum.Base + changes[part.Id].First().Amount * part.BaseQuantity, sum.Current + price * part.BaseQuantity);
        }
        return new(prices, sums, current);
    }

    /// <summary>The sums of every brand, category (with those below it), pair of them, and of everything, as index points have them.</summary>
    public Dictionary<(Guid? Brand, Guid? Category), (decimal Base, decimal Current)> Groups(IReadOnlyList<Category> tree)
    {
        var groups = new Dictionary<(Guid?, Guid?), (decimal Base, decimal Current)>();
        foreach (var (key, sum) in Sums)
        {
            var path = tree.Single(c => c.Id == key.Category).Path;
            Guid?[] categories = [null, .. tree.Where(c => path.StartsWith(c.Path, StringComparison.Ordinal)).Select(c => (Guid?)c.Id)];
            foreach (var brand in new Guid?[] { null, key.Brand })
            {
                foreach (var category in categories)
                {
                    var group = groups.GetValueOrDefault((brand, category));
                    groups[(brand, category)] = (group.Base + sum.Base, group.Current + sum.Current);
                }
            }
        }
        return groups;
    }
}
