using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.ServiceDefaults.Paging;

namespace Shabou.CatalogApi.Categories;

/// <summary>A node of the tree. <paramref name="Path"/> has the slugs from the root down, each followed by a slash.</summary>
public sealed record CategoryView(string Slug, string Path, LocalNames Names);

/// <summary><c>/api/v1/categories</c>: the tree, each parent before its children.</summary>
internal static class CategoryEndpoints
{
    private const string List = "categories";

    public static RouteGroupBuilder MapCategories(this IEndpointRouteBuilder routes)
    {
        var categories = routes.MapGroup("/api/v1/categories").WithTags("Categories");
        categories.MapGet("/", ListAsync).WithName("ListCategories");
        return categories;
    }

    private static async Task<Results<Ok<Page<CategoryView>>, ProblemHttpResult>> ListAsync(
        string? after, int? size, Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<string>(List, after, out var last, out refusal)) return refusal;
        var categories = context.Categories.AsNoTracking();
        if (last is not null) categories = categories.Where(c => c.Path.CompareTo(last) > 0);
        var rows = await categories.OrderBy(c => c.Path).Take(take + 1)
            .Select(c => new CategoryView(c.Slug, c.Path, new LocalNames(c.NameFr, c.NameAr, c.NameEn))).ToListAsync(cancellationToken);
        return TypedResults.Ok(Pages.Cut(http, rows, take, c => cursors.Write(List, c.Path)));
    }
}
