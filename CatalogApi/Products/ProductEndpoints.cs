using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Products;

/// <summary><c>/api/v1/products</c>: the parts the shop sells.</summary>
internal static class ProductEndpoints
{
    /// <summary>Cursors of this list are the id of the last part: ids are made in order of time.</summary>
    private const string List = "products";

    public static RouteGroupBuilder MapProducts(this IEndpointRouteBuilder routes)
    {
        var products = routes.MapGroup("/api/v1/products").WithTags("Products");
        products.MapGet("/", ListAsync).WithName("ListProducts");
        products.MapGet("/{id:guid}", GetAsync).WithName("GetProduct");
        products.MapPost("/", WriteProduct.CreateAsync).WithName("CreateProduct");
        products.MapPut("/{id:guid}", WriteProduct.UpdateAsync).WithName("UpdateProduct");
        return products;
    }

    private static async Task<Results<Ok<Page<ProductView>>, ProblemHttpResult>> ListAsync(
        [AsParameters] ProductFilter filter, string? after, int? size, Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        if (filter.Refuse() is { } invalid) return invalid;
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<Guid>(List, after, out var last, out refusal)) return refusal;

        var products = filter.Apply(context.Products.AsNoTracking(), context.Categories);
        if (last != default) products = products.Where(p => p.Id > last);
        var rows = await products.OrderBy(p => p.Id).Take(take + 1).Select(ProductView.FromProduct).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, rows, take, p => cursors.Write(List, p.Id)));
    }

    private static async Task<Results<Ok<ProductView>, StatusCodeHttpResult, ProblemHttpResult>> GetAsync(
        Guid id, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        if (await context.Products.Where(p => p.Id == id).Select(ProductView.FromProduct).SingleOrDefaultAsync(cancellationToken) is not { } product)
            return Problem.NotFound("product", id);
        ETags.Write(http.Response, product.Version);
        return ETags.AlreadyHas(http.Request, product.Version)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(product);
    }
}
