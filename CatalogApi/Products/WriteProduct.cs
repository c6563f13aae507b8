using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Products;

/// <summary>Creates and replaces parts.</summary>
internal static class WriteProduct
{
    public static async Task<Results<Created<ProductView>, ProblemHttpResult>> CreateAsync(
        ProductWrite write, HttpContext http, ShabouContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        var references = await ProductReferences.FindAsync(write, context, cancellationToken);
        if (references.Refusal is { } refusal) return refusal;
        var now = time.GetUtcNow();
        var product = new Product
        {
            Id = Guid.CreateVersion7(now), Sku = write.Sku, NameFr = write.Names.Fr, NameAr = write.Names.Ar,
            BrandId = references.Brand!.Id, CategoryId = references.Category!.Id,
            Price = Money.Tnd(write.PriceExclTax), VatRate = write.VatRate, CreatedAt = now, UpdatedAt = now,
        };
        Fill(product, write, references, now);
        context.Products.Add(product);
        if (await SaveAsync(context, write, cancellationToken) is { } conflict) return conflict;
        return TypedResults.Created($"/api/v1/products/{product.Id}", await ViewAsync(product.Id, http, context, cancellationToken));
    }

    public static async Task<Results<Ok<ProductView>, ProblemHttpResult>> UpdateAsync(
        Guid id, ProductWrite write, HttpContext http, ShabouContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var refusal)) return refusal;
        if (await context.Products.SingleOrDefaultAsync(p => p.Id == id, cancellationToken) is not { } product) return Problem.NotFound("product", id);
        if (!expected.Matches(product.Version)) return ExpectedVersion.Stale("product", id);
        var references = await ProductReferences.FindAsync(write, context, cancellationToken);
        if (references.Refusal is { } unknown) return unknown;

        Fill(product, write, references, time.GetUtcNow());
        // Someone who wrote since the read above makes this throw, which is 412 too: xmin stands in the UPDATE's WHERE.
        if (await SaveAsync(context, write, cancellationToken) is { } conflict) return conflict;
        return TypedResults.Ok(await ViewAsync(id, http, context, cancellationToken));
    }

    private static void Fill(Product product, ProductWrite write, ProductReferences references, DateTimeOffset now)
    {
        product.Sku = write.Sku;
        product.NameFr = write.Names.Fr;
        product.NameAr = write.Names.Ar;
        product.NameEn = write.Names.En;
        product.OeNumber = write.OeNumber;
        product.BrandId = references.Brand!.Id;
        product.CategoryId = references.Category!.Id;
        product.Price = Money.Tnd(write.PriceExclTax);
        product.VatRate = write.VatRate;
        product.UpdatedAt = now;
        product.RefreshSearch();
    }

    private static async Task<ProblemHttpResult?> SaveAsync(ShabouContext context, ProductWrite write, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return Problem.Of(ProblemTypes.Conflict, $"Another product has the sku '{write.Sku}'; choose another, or update that one.");
        }
    }

    private static async Task<ProductView> ViewAsync(Guid id, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        var view = await context.Products.Where(p => p.Id == id).Select(ProductView.FromProduct).SingleAsync(cancellationToken);
        ETags.Write(http.Response, view.Version);
        return view;
    }
}
