using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Slugs;
using Shabou.CatalogApi.Versions;
using Shabou.Idempotency;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.CatalogApi.Suppliers;

/// <summary>Who sends price lists.</summary>
/// <param name="PriceList">Number of the list whose prices count now; null before the first.</param>
public sealed record SupplierView(string Slug, string Name, int? PriceList);

/// <summary><c>/api/v1/suppliers</c>: who sells parts to the shop, in the order of their slugs.</summary>
internal static class SupplierEndpoints
{
    private static readonly SlugNoun<Supplier, SupplierView> s_suppliers = new("Supplier", "Suppliers", r => new SupplierView(r.Slug, r.Name, r.CurrentListNumber), view => view.Slug);

    public static RouteGroupBuilder MapSuppliers(this IEndpointRouteBuilder routes)
    {
        var suppliers = s_suppliers.Map(routes);
        suppliers.MapPost("/", CreateAsync).WithName("CreateSupplier").WithSummary("Add a supplier").RequireAuthorization(Policies.Admin).WithIdempotency();
        suppliers.MapPut("/{slug}", UpdateAsync).WithName("UpdateSupplier").WithSummary("Replace a supplier").RequireAuthorization(Policies.Admin);
        return suppliers;
    }

    private static Task<Results<Versioned<SupplierView>, ProblemHttpResult>> CreateAsync(
        NamedWrite write, ShabouContext context, CatalogVersions versions, TimeProvider time, CancellationToken cancellationToken) =>
        s_suppliers.CreateAsync(new() { Id = Guid.CreateVersion7(time.GetUtcNow()), Slug = write.Slug, Name = write.Name }, context, versions, cancellationToken);

    private static Task<Results<Versioned<SupplierView>, ProblemHttpResult>> UpdateAsync(
        string slug, NamedWrite write, HttpContext http, ShabouContext context, CatalogVersions versions, CancellationToken cancellationToken) =>
        s_suppliers.UpdateAsync(slug, write, supplier => supplier.Name = write.Name, http, context, versions, cancellationToken);
}
