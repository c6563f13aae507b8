using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Caching;
using Shabou.CatalogApi.Products;
using Shabou.CatalogApi.Slugs;
using Shabou.CatalogApi.Versions;
using Shabou.Idempotency;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Auth;
using Shabou.ServiceDefaults.Concurrency;

namespace Shabou.CatalogApi.Categories;

/// <summary><c>/api/v1/categories</c>: the tree, each parent before its children.</summary>
internal static class CategoryEndpoints
{
    private static readonly SlugNoun<Category, CategoryView> s_categories = new(
        "Category", "Categories", c => new CategoryView(c.Slug, c.Path, new LocalNames(c.NameFr, c.NameAr, c.NameEn)), view => view.Path, nameof(Category.Path));

    public static RouteGroupBuilder MapCategories(this IEndpointRouteBuilder routes)
    {
        var categories = s_categories.Map(routes);
        categories.MapPost("/", CreateAsync).WithName("CreateCategory").WithSummary("Add a category").RequireAuthorization(Policies.Admin).WithIdempotency();
        categories.MapPut("/{slug}", UpdateAsync).WithName("UpdateCategory").WithSummary("Replace or move a category").RequireAuthorization(Policies.Admin);
        return categories;
    }

    private static async Task<Results<Versioned<CategoryView>, ProblemHttpResult>> CreateAsync(
        CategoryWrite write, ShabouContext context, CatalogVersions versions, TimeProvider time, CancellationToken cancellationToken)
    {
        var (row, refusal) = await SaveAsync(write, CategoryTree.AddAsync(write, context, time, cancellationToken));
        if (row is null) return refusal!;
        await versions.EverythingChangedAsync(cancellationToken);
        return s_categories.Created(row);
    }

    private static async Task<Results<Versioned<CategoryView>, ProblemHttpResult>> UpdateAsync(
        string slug, CategoryWrite write, HttpContext http, ShabouContext context, CatalogVersions versions, CancellationToken cancellationToken)
    {
        if (!ExpectedVersion.TryRead(http.Request, out var expected, out var unread)) return unread;
        var (row, refusal) = await SaveAsync(write, CategoryTree.ChangeAsync(slug, write, expected, context, cancellationToken));
        if (row is null) return refusal!;
        await versions.EverythingChangedAsync(cancellationToken);
        return s_categories.Current(row);
    }

    private static async Task<(Category?, ProblemHttpResult?)> SaveAsync(CategoryWrite write, Task<(Category?, ProblemHttpResult?)> saving)
    {
        try
        {
            return await saving;
        }
        catch (DbUpdateException error) when (SlugNoun<Category, CategoryView>.IsTaken(error))
        {
            return (null, s_categories.Taken(write.Slug));
        }
    }
}
