using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.ServiceDefaults.Paging;

namespace Shabou.CatalogApi.Brands;

/// <summary><c>/api/v1/brands</c>: who makes the parts, in the order of their slugs.</summary>
internal static class BrandEndpoints
{
    private const string List = "brands";

    public static RouteGroupBuilder MapBrands(this IEndpointRouteBuilder routes)
    {
        var brands = routes.MapGroup("/api/v1/brands").WithTags("Brands");
        brands.MapGet("/", ListAsync).WithName("ListBrands");
        return brands;
    }

    private static async Task<Results<Ok<Page<BrandRef>>, ProblemHttpResult>> ListAsync(
        string? after, int? size, Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<string>(List, after, out var last, out refusal)) return refusal;
        var brands = context.Brands.AsNoTracking();
        if (last is not null) brands = brands.Where(b => b.Slug.CompareTo(last) > 0);
        var rows = await brands.OrderBy(b => b.Slug).Take(take + 1).Select(b => new BrandRef(b.Slug, b.Name)).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, rows, take, b => cursors.Write(List, b.Slug)));
    }
}
