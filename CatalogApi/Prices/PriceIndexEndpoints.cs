using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.CatalogApi.Products;
using Shabou.Schema;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Paging;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Prices;

/// <summary>The price index, base 100, now and after each price list that changed it.</summary>
/// <param name="Index">100 x currentValue / baseValue, rounded half up to four decimals; null without parts.</param>
/// <param name="BaseValue">Sum of first price x base quantity, dinars.</param>
/// <param name="CurrentValue">Sum of the price that counts now x base quantity, dinars.</param>
/// <param name="Products">Parts in it.</param>
/// <param name="Items">Its values over time, oldest first.</param>
/// <param name="Next">Send it as <c>after</c> for the next page of points; null on the last one.</param>
public sealed record PriceIndexView(decimal? Index, decimal BaseValue, decimal CurrentValue, long Products, IReadOnlyList<PriceIndexPointView> Items, string? Next);

/// <summary>The index right after a price list was applied or rolled back.</summary>
/// <param name="PriceList">Number of that list.</param>
public sealed record PriceIndexPointView(DateTimeOffset At, int PriceList, decimal? Index, decimal BaseValue, decimal CurrentValue);

/// <summary><c>/api/v1/price-index</c>: how prices have moved, of everything, a brand, a category with those below it, or a brand within a category.</summary>
internal static class PriceIndexEndpoints
{
    public static RouteGroupBuilder MapPriceIndex(this IEndpointRouteBuilder routes)
    {
        var index = routes.MapGroup("/api/v1/price-index").WithTags("Prices");
        index.MapGet("/", GetAsync).WithName("GetPriceIndex").WithSummary("The price index (Laspeyres, base 100) now and over time");
        return index;
    }

    private static async Task<Results<Ok<PriceIndexView>, ProblemHttpResult>> GetAsync(
        string? brand, string? category, DateTimeOffset? from, DateTimeOffset? to, string? after, int? size,
        Cursors cursors, HttpContext http, ShabouContext context, CancellationToken cancellationToken)
    {
        var invalid = new Dictionary<string, string[]>();
        if (brand?.Length > Brand.SlugMaxLength) invalid["brand"] = [$"must have at most {Brand.SlugMaxLength} characters; GET /api/v1/brands lists them."];
        if (category?.Length > Category.SlugMaxLength) invalid["category"] = [$"must have at most {Category.SlugMaxLength} characters; GET /api/v1/categories lists them."];
        if (from > to) invalid["to"] = ["must not be before from."];
        if (invalid.Count > 0) return Problem.Invalid(invalid);
        var list = $"price-index of {brand} in {category}";
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<long>(list, after, out var last, out refusal)) return refusal;

        var now = await SumAsync(brand, category, context, cancellationToken);
        if (now.Refuse(brand, category) is { } unknown) return unknown;
        var points = context.PriceIndexPoints.AsNoTracking().Where(p => p.BrandId == now.BrandId && p.CategoryId == now.CategoryId && p.Id > last);
        if (from?.ToUniversalTime() is { } earliest) points = points.Where(p => p.At >= earliest);
        if (to?.ToUniversalTime() is { } latest) points = points.Where(p => p.At <= latest);
        var rows = await points.OrderBy(p => p.Id).Take(take + 1).ToListAsync(cancellationToken);
        var page = Pages.Cut(http, rows, take, p => cursors.Write(list, p.Id));
        return TypedResults.Ok(new PriceIndexView(PriceIndex.Of(now.BaseValue, now.CurrentValue), now.BaseValue, now.CurrentValue, now.Products,
            [.. page.Items.Select(p => new PriceIndexPointView(p.At, p.PriceListNumber, PriceIndex.Of(p.BaseValue, p.CurrentValue), p.BaseValue, p.CurrentValue))], page.Next));
    }

    private static Task<Sums> SumAsync(string? brand, string? category, ShabouContext context, CancellationToken cancellationToken)
    {
        const string brandId = "(SELECT id FROM catalog.brands WHERE slug = @brand)";
        const string below = "(SELECT c.id FROM catalog.categories c JOIN catalog.categories top ON top.slug = @category AND starts_with(c.path, top.path))";
        var where = string.Join(" AND ", new[] { string.IsNullOrEmpty(brand) ? null : $"a.brand_id = {brandId}", string.IsNullOrEmpty(category) ? null : $"a.category_id IN {below}" }.OfType<string>().DefaultIfEmpty("true"));
        return context.QueryAsync(
            $"""
            SELECT {brandId}, (SELECT id FROM catalog.categories WHERE slug = @category),
                coalesce(sum(a.products), 0)::bigint, coalesce(sum(a.base_value), 0), coalesce(sum(a.current_value), 0)
            FROM catalog.assortments a WHERE {where}
            """,
            [new NpgsqlParameter<string>("brand", brand ?? ""), new NpgsqlParameter<string>("category", category ?? "")],
            async (rows, cancellation) =>
            {
                await rows.ReadAsync(cancellation);
                return new Sums(rows.IsDBNull(0) ? null : rows.GetGuid(0), rows.IsDBNull(1) ? null : rows.GetGuid(1), rows.GetInt64(2), rows.GetDecimal(3), rows.GetDecimal(4));
            }, cancellationToken);
    }

    private sealed record Sums(Guid? BrandId, Guid? CategoryId, long Products, decimal BaseValue, decimal CurrentValue)
    {
        public ProblemHttpResult? Refuse(string? brand, string? category)
        {
            var errors = new Dictionary<string, string[]>();
            if (!string.IsNullOrEmpty(brand) && BrandId is null) errors["brand"] = [$"There is no brand '{brand}'; GET /api/v1/brands lists them."];
            if (!string.IsNullOrEmpty(category) && CategoryId is null) errors["category"] = [$"There is no category '{category}'; GET /api/v1/categories lists them."];
            return errors.Count == 0 ? null : Problem.Unprocessable(errors);
        }
    }
}
