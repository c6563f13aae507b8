using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Products;
using Shabou.CatalogApi.Slugs;
using Shabou.CatalogApi.Versions;
using Shabou.Idempotency;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.CatalogApi.Brands;

/// <summary><c>/api/v1/brands</c>: who makes the parts, in the order of their slugs.</summary>
internal static class BrandEndpoints
{
    private static readonly SlugNoun<Brand, BrandRef> s_brands = new("Brand", "Brands", r => new BrandRef(r.Slug, r.Name), view => view.Slug);

    public static RouteGroupBuilder MapBrands(this IEndpointRouteBuilder routes)
    {
        var brands = s_brands.Map(routes);
        brands.MapPost("/", CreateAsync).WithName("CreateBrand").WithSummary("Add a brand").RequireAuthorization(Policies.Admin).WithIdempotency();
        brands.MapPut("/{slug}", UpdateAsync).WithName("UpdateBrand").WithSummary("Replace a brand").RequireAuthorization(Policies.Admin);
        return brands;
    }

    private static Task<Results<Versioned<BrandRef>, ProblemHttpResult>> CreateAsync(
        NamedWrite write, ShabouContext context, CatalogVersions versions, TimeProvider time, CancellationToken cancellationToken) =>
        s_brands.CreateAsync(new() { Id = Guid.CreateVersion7(time.GetUtcNow()), Slug = write.Slug, Name = write.Name }, context, versions, cancellationToken);

    private static Task<Results<Versioned<BrandRef>, ProblemHttpResult>> UpdateAsync(
        string slug, NamedWrite write, HttpContext http, ShabouContext context, CatalogVersions versions, CancellationToken cancellationToken) =>
        s_brands.UpdateAsync(slug, write, brand => brand.Name = write.Name, http, context, versions, cancellationToken);
}
