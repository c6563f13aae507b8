using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.CatalogApi.Transactions;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Categories;

/// <summary>Changes the tree, one transaction at a time: two moves that are right each by itself could make a cycle together.</summary>
internal static class CategoryTree
{
    public static Task<(Category?, ProblemHttpResult?)> AddAsync(CategoryWrite write, ShabouContext context, TimeProvider time, CancellationToken cancellationToken) =>
        context.InTransactionAsync<(Category?, ProblemHttpResult?)>(async cancellation =>
        {
            await context.LockAsync(CatalogLock.Categories, cancellation);
            var parent = write.Parent is null ? null : await context.Categories.SingleOrDefaultAsync(c => c.Slug == write.Parent, cancellation);
            if (parent is null && write.Parent is not null) return (null, UnknownParent(write));
            var row = new Category
            {
                Id = Guid.CreateVersion7(time.GetUtcNow()), ParentId = parent?.Id, Slug = write.Slug, Path = PathOf(write, parent),
                NameFr = write.Names.Fr, NameAr = write.Names.Ar, NameEn = write.Names.En,
            };
            if (row.Path.Length > Category.PathMaxLength) return (null, TooDeep());
            context.Add(row);
            await context.SaveChangesAsync(cancellation);
            return (row, null);
        }, cancellationToken);

    public static Task<(Category?, ProblemHttpResult?)> ChangeAsync(
        string slug, CategoryWrite write, ExpectedVersion expected, ShabouContext context, CancellationToken cancellationToken) =>
        context.InTransactionAsync<(Category?, ProblemHttpResult?)>(async cancellation =>
        {
            await context.LockAsync(CatalogLock.Categories, cancellation);
            // The category, its parent to be, and all that is below it.
            var rows = await context.Categories
                .Where(c => c.Slug == slug || c.Slug == write.Parent || context.Categories.Any(moved => moved.Slug == slug && c.Path.StartsWith(moved.Path)))
                .ToListAsync(cancellation);
            if (rows.Find(c => c.Slug == slug) is not { } row) return (null, Problem.NotFound("category", $"'{slug}'"));
            if (!expected.Matches(row.Version)) return (null, ExpectedVersion.Stale("category", $"'{slug}'"));
            var parent = write.Parent is null ? null : rows.Find(c => c.Slug == write.Parent);
            if (parent is null && write.Parent is not null) return (null, UnknownParent(write));
            if (parent is not null && IsWithin(parent, row.Path)) return (null, Cycle(slug, parent));

            var (from, to) = (row.Path, PathOf(write, parent));
            foreach (var moved in rows.Where(c => IsWithin(c, from)))
            {
                moved.Path = to + moved.Path[from.Length..];
                if (moved.Path.Length > Category.PathMaxLength) return (null, TooDeep());
            }
            row.Slug = write.Slug;
            row.ParentId = parent?.Id;
            (row.NameFr, row.NameAr, row.NameEn) = (write.Names.Fr, write.Names.Ar, write.Names.En);
            await context.SaveChangesAsync(cancellation);
            return (row, null);
        }, cancellationToken);

    private static string PathOf(CategoryWrite write, Category? parent) => $"{parent?.Path}{write.Slug}/";

    private static bool IsWithin(Category category, string path) => category.Path.StartsWith(path, StringComparison.Ordinal);

    private static ProblemHttpResult UnknownParent(CategoryWrite write) =>
        Problem.Unprocessable("parent", $"There is no category '{write.Parent}'; GET /api/v1/categories lists them.");

    private static ProblemHttpResult TooDeep() =>
        Problem.Unprocessable("parent", $"Slugs from the root down have at most {Category.PathMaxLength} characters together; choose a parent further up or a shorter slug.");

    private static ProblemHttpResult Cycle(string slug, Category parent) => Problem.Of(ProblemTypes.Conflict, parent.Slug == slug
        ? $"The category '{slug}' cannot be its own parent; choose another."
        : $"The category '{slug}' cannot stand below '{parent.Slug}', which stands below it ({parent.Path}); choose another parent, or move '{parent.Slug}' first.");
}
