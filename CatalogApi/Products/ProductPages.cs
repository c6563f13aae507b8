using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.CatalogApi.Caching;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;

namespace Shabou.CatalogApi.Products;

/// <summary>Answers with a page of parts: from the cache, or nothing at all to a caller who has it.</summary>
internal sealed class ProductPages(CatalogCache cache, Cursors cursors)
{
    /// <param name="filter">What narrows the list.</param>
    /// <param name="after">The cursor that the client sent, or null.</param>
    /// <param name="size">Parts of a page, 1 to 100; null for the usual number.</param>
    /// <param name="http">The request.</param>
    /// <param name="of">Whose parts they are, where the list belongs to something: null when that does not exist.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The page, a refusal that names what is wrong, or null when <paramref name="of"/> does not exist.</returns>
    public async Task<Results<JsonAnswer<ProductPage>, ProblemHttpResult>?> AnswerAsync(
        ProductFilter filter, string? after, int? size, HttpContext http, Func<IServiceProvider, CancellationToken, Task<bool>>? of, CancellationToken cancellationToken)
    {
        if (filter.Refuse() is { } invalid) return invalid;
        if (!Pages.TryReadSize(size, out var take, out var refusal)) return refusal;
        if (!cursors.TryRead<ListPosition>(ProductList.NameOf(filter), after, out var position, out refusal)) return refusal;
        var language = Language.Of(http.Request);
        var page = await cache.GetAsync(CatalogVersions.Lists, $"{http.Request.Path}|{language}|{take}|{after}|{filter.Key}",
            async (services, version, cancellation) => of is null || await of(services, cancellation)
                ? await services.GetRequiredService<ProductList>().ReadAsync(filter, position, take, language, version, cancellation) : null,
            version => ProductList.ETagOf(version, language) is var etag && ETags.AlreadyHas(http.Request, etag) ? new([], etag) : null,
            keep: string.IsNullOrEmpty(after), cancellationToken);
        if (page is null) return null;
        return new JsonAnswer<ProductPage>(page, language);
    }
}
