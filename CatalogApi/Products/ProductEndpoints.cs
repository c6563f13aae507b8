using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.CatalogApi.Idempotency;
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

    private static async Task<Results<RenderedPage, ProblemHttpResult>> ListAsync(
        [AsParameters] ProductFilter filter, string? after, int? size, Cursors cursors, ProductList list, HttpContext http, CancellationToken cancellationToken)
    {
        if (filter.Refuse() is { } invalid) return invalid;
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<Guid>(ProductList.Name, after, out var last, out refusal)) return refusal;
        return await list.ReadAsync(filter, last, take, Language.Of(http.Request), cancellationToken);
    }

    private static async Task<Results<RenderedProduct, ProblemHttpResult>> GetAsync(Guid id, HttpContext http, ProductReader reader, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, Language.Of(http.Request), cancellationToken) is { } product ? product : Problem.NotFound("product", id);
}
