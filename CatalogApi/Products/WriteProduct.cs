using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.CatalogApi.Caching;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Products;

/// <summary>Creates and replaces parts.</summary>
internal static class WriteProduct
{
    public static async Task<Results<JsonAnswer<ProductView>, ProblemHttpResult>> CreateAsync(
        ProductWrite write, HttpContext http, ShabouContext context, ProductReader reader, CatalogVersions versions, TimeProvider time, CancellationToken cancellationToken)
    {
        var references = await ProductReferences.FindAsync(write, context, cancellationToken);
        if (references.Refuse(write) is { } refusal) return refusal;
        var now = time.GetUtcNow();
        var product = New(write, references, now);
        context.Products.Add(product);
        if (await SaveAsync(context, write, cancellationToken) is { } conflict) return conflict;
        await versions.ProductChangedAsync(product.Id, cancellationToken);
        return await AnswerAsync(product.Id, http, reader, cancellationToken) with { Location = $"/api/v1/products/{product.Id}" };
    }

    public static async Task<Results<JsonAnswer<ProductView>, ProblemHttpResult>> UpdateAsync(
        Guid id, ProductWrite write, HttpContext http, ShabouContext context, ProductReader reader, CatalogVersions versions, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        var found = await context.Products.Where(p => p.Id == id && p.DeletedAt == null).Select(p => new
        {
            Product = p,
            p.References,
            // The list that its price comes from: a part's version has it.
            PriceList = context.Prices.Where(l => l.ProductId == p.Id && l.PriceListNumber > p.PriceSetAfter && context.Suppliers.Any(s => s.CurrentListNumber == l.PriceListNumber))
                .Max(l => (int?)l.PriceListNumber),
            Written = new ProductReferences(
                context.Brands.Where(b => b.Slug == write.Brand).Select(b => (Guid?)b.Id).FirstOrDefault(),
                context.Categories.Where(c => c.Slug == write.Category).Select(c => (Guid?)c.Id).FirstOrDefault(),
                context.PriceLists.Max(l => l.Number) ?? 0),
        }).SingleOrDefaultAsync(cancellationToken);
        if (found is null) return Problem.NotFound("product", id);
        var (product, references) = (found.Product, found.Written);
        if (references.Refuse(write) is { } unknown) return unknown;
        if (!expected.Matches(ProductReader.VersionOf(product.Version, found.PriceList))) return ExpectedVersion.Stale("product", id);

        Fill(product, write, references, time.GetUtcNow());
        // Someone who wrote since the read above makes this throw, which is 412 too: xmin stands in the UPDATE's WHERE.
        if (await SaveAsync(context, write, cancellationToken) is { } conflict) return conflict;
        await versions.ProductChangedAsync(id, cancellationToken);
        return await AnswerAsync(id, http, reader, cancellationToken);
    }

    private static async Task<JsonAnswer<ProductView>> AnswerAsync(Guid id, HttpContext http, ProductReader reader, CancellationToken cancellationToken)
    {
        var language = Language.Of(http.Request);
        return new((await reader.FindAsync(id, language, cancellationToken))!, language);
    }

    private static Product New(ProductWrite write, ProductReferences references, DateTimeOffset now)
    {
        var product = new Product
        {
            Id = Guid.CreateVersion7(now), Sku = write.Sku, NameFr = write.Names.Fr, NameAr = write.Names.Ar,
            BrandId = references.BrandId!.Value, CategoryId = references.CategoryId!.Value,
            Price = Money.Tnd(write.PriceExclTax), PriceSetAfter = references.NewestPriceList, VatRate = write.VatRate, CreatedAt = now, UpdatedAt = now,
        };
        Fill(product, write, references, now);
        return product;
    }

    private static void Fill(Product product, ProductWrite write, ProductReferences references, DateTimeOffset now)
    {
        product.Sku = write.Sku;
        product.ExternalId = write.ExternalId;
        product.Gtin = write.Gtin;
        product.NameFr = write.Names.Fr;
        product.NameAr = write.Names.Ar;
        product.NameEn = write.Names.En;
        product.OeNumber = write.OeNumber;
        product.BrandId = references.BrandId!.Value;
        product.CategoryId = references.CategoryId!.Value;
        product.Price = Money.Tnd(write.PriceExclTax);
        product.PriceSetAfter = references.NewestPriceList;
        product.BaseQuantity = write.BaseQuantity;
        product.VatRate = write.VatRate;
        product.UpdatedAt = now;
        var numbers = NumbersOf(write);
        product.References.RemoveAll(kept => !numbers.Exists(n => SameNumber(n, kept)));
        product.References.AddRange(numbers.Where(n => !product.References.Exists(kept => SameNumber(n, kept))));
        product.RefreshSearch();
    }

    /// <summary>Every number of the part once; the printed OE number first, unless it is among the others with its maker.</summary>
    internal static List<ReferenceNumber> NumbersOf(ProductWrite write)
    {
        var numbers = (write.OeNumbers ?? []).Select(n => Reference(ReferenceKind.Oe, n)).Concat((write.CrossReferences ?? []).Select(n => Reference(ReferenceKind.Trade, n))).ToList();
        if (write.OeNumber is { } printed && OeNumbers.Normalise(printed) is { Length: > 0 } normalised && !numbers.Exists(n => n.Kind == ReferenceKind.Oe && n.Normalised == normalised))
            numbers.Insert(0, Reference(ReferenceKind.Oe, new(printed)));
        return [.. numbers.DistinctBy(n => (n.Kind, n.Normalised, n.Maker))];
    }

    /// <summary>What a search looks through, as <see cref="Product.RefreshSearch"/> would make it.</summary>
    internal static string SearchOf(ProductWrite write) => SearchText.OfPart([write.Names.Fr, write.Names.Ar, write.Names.En], [write.Sku, write.Gtin, write.OeNumber, .. NumbersOf(write).Select(n => n.Number)]);

    private static ReferenceNumber Reference(ReferenceKind kind, MakerNumber number) => new() { Kind = kind, Maker = number.Maker ?? "", Number = number.Number };

    private static bool SameNumber(ReferenceNumber a, ReferenceNumber b) => (a.Kind, a.Number, a.Maker) == (b.Kind, b.Number, b.Maker);

    private static async Task<ProblemHttpResult?> SaveAsync(ShabouContext context, ProductWrite write, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation)
        {
            return Problem.Of(ProblemTypes.Conflict, Taken(violation.ConstraintName, write));
        }
    }

    private static string Taken(string? constraint, ProductWrite write) => constraint switch
    {
        "ix_products_external_id" => $"Another product has the externalId '{write.ExternalId}'; choose another, or update that one.",
        "ix_products_brand_id_gtin" => $"Another product of the brand '{write.Brand}' has the gtin '{write.Gtin}'; choose another, or update that one.",
        _ => $"Another product has the sku '{write.Sku}'; choose another, or update that one.",
    };
}
