using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.CatalogApi.Caching;
using Shabou.Idempotency;
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
        builder.Services.AddSingleton<ProductPages>();
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
        [AsParameters] ProductFilter filter, string? after, int? size, ProductPages pages, HttpContext http, CancellationToken cancellationToken) =>
        (await pages.AnswerAsync(filter, after, size, http, of: null, cancellationToken))!;

    private static async Task<Results<JsonAnswer<ProductView>, ProblemHttpResult>> GetAsync(Guid id, HttpContext http, CatalogCache cache, CancellationToken cancellationToken)
    {
        var language = Language.Of(http.Request);
        var product = await cache.GetAsync(CatalogVersions.Product(id), $"{language}/{id:N}",
            (services, _, cancellation) => services.GetRequiredService<ProductReader>().FindAsync(id, language, cancellation), cancellationToken: cancellationToken);
        return product is null ? Problem.NotFound("product", id) : new JsonAnswer<ProductView>(product, language);
    }
}
