using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Catalog;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.CatalogApi.Products;

/// <summary>What narrows a list of parts. All given filters must match.</summary>
/// <param name="Q">Words, each of which must occur in a name, the SKU or the OE number; accents and case do not matter.</param>
/// <param name="Brand">A brand's slug.</param>
/// <param name="Category">A category's slug; parts of categories below it match too.</param>
internal sealed record ProductFilter(string? Q, string? Brand, string? Category)
{
    public const int QueryMaxLength = 200;

    /// <summary>A refusal that names the filter, or null.</summary>
    public ProblemHttpResult? Refuse() =>
        Q?.Length > QueryMaxLength ? Problem.Invalid("q", $"must have at most {QueryMaxLength} characters.") : null;

    public IQueryable<Product> Apply(IQueryable<Product> products, IQueryable<Category> categories)
    {
        foreach (var word in SearchText.Fold(Q ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var pattern = $"%{Escape(word)}%";
            products = products.Where(p => EF.Functions.Like(p.Search, pattern, @"\"));
        }
        if (!string.IsNullOrEmpty(Brand)) products = products.Where(p => p.Brand!.Slug == Brand);
        if (!string.IsNullOrEmpty(Category))
            products = products.Where(p => categories.Any(c => c.Slug == Category && p.Category!.Path.StartsWith(c.Path)));
        return products;
    }

    private static string Escape(string word) => word.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_");
}
