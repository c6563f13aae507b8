using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Idempotency;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Products;

/// <summary><c>/api/v1/products</c>: the parts the shop sells.</summary>
internal static class ProductEndpoints
{
    public static void AddProducts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<ProductReader>();
        builder.Services.AddScoped<ProductList>();
        builder.Services.AddScoped<ProductFacets>();
    }

    public static RouteGroupBuilder MapProducts(this IEndpointRouteBuilder routes)
    {
        var products = routes.MapGroup("/api/v1/products").WithTags("Products");
        products.MapGet("/", ListAsync).WithName("ListProducts").WithSummary("Parts that match, a page at a time");
        products.MapGet("/{id:guid}", GetAsync).WithName("GetProduct").WithSummary("One part");
        products.MapPost("/", WriteProduct.CreateAsync).WithName("CreateProduct").WithSummary("Add a part").WithIdempotency();
        products.MapPut("/{id:guid}", WriteProduct.UpdateAsync).WithName("UpdateProduct").WithSummary("Replace a part");
        products.MapDelete("/{id:guid}", RemoveProduct.DeleteAsync).WithName("DeleteProduct").WithSummary("Take a part out of the catalog");
        products.MapPost("/{id:guid}/restore", RemoveProduct.RestoreAsync).WithName("RestoreProduct").WithSummary("Put a deleted part back");
        return products;
    }

    private static async Task<Results<JsonAnswer<ProductPage>, ProblemHttpResult>> ListAsync(
        [AsParameters] ProductFilter filter, string? after, int? size, Cursors cursors, CatalogCache cache, HttpContext http, CancellationToken cancellationToken)
    {
        if (filter.Refuse() is { } invalid) return invalid;
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<ListPosition>(ProductList.NameOf(filter), after, out var position, out refusal)) return refusal;
        var language = Language.Of(http.Request);
        var page = await cache.GetAsync(CatalogVersions.Lists, $"{language}|{take}|{after}|{filter.Key}",
            async (services, version, cancellation) => await services.GetRequiredService<ProductList>().ReadAsync(filter, position, take, language, version, cancellation),
            version => ProductList.ETagOf(version, language) is var etag && ETags.AlreadyHas(http.Request, etag) ? new([], etag) : null,
            keep: string.IsNullOrEmpty(after), cancellationToken);
        return new JsonAnswer<ProductPage>(page!, language);
    }

    private static async Task<Results<JsonAnswer<ProductView>, ProblemHttpResult>> GetAsync(Guid id, HttpContext http, CatalogCache cache, CancellationToken cancellationToken)
    {
        var language = Language.Of(http.Request);
        var product = await cache.GetAsync(CatalogVersions.Product(id), $"{language}/{id:N}",
            (services, _, cancellation) => services.GetRequiredService<ProductReader>().FindAsync(id, language, cancellation), cancellationToken: cancellationToken);
        return product is null ? Problem.NotFound("product", id) : new JsonAnswer<ProductView>(product, language);
    }
}
