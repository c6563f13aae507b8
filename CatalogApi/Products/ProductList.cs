using System.Data;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.CatalogApi.Caching;
using Shabou.Schema;
using Shabou.ServiceDefaults.Paging;

namespace Shabou.CatalogApi.Products;

/// <summary>Where a page ended.</summary>
/// <param name="Price">Null in the orders that do not need it.</param>
internal readonly record struct ListPosition(Guid Id, decimal? Price);

/// <summary>Reads pages of parts: one statement, one more for slugs and words to look up, one more for facets.</summary>
internal sealed class ProductList(ShabouContext context, Cursors cursors, ProductFacets facets)
{
    /// <summary>Name of the list as its cursors know it: an order's cursors are no other's.</summary>
    public static string NameOf(ProductFilter filter) => $"products?sort={filter.Order}";

    /// <summary>One ETag for every list of a version: an address has one list.</summary>
    public static string ETagOf(string version, string language) => $"\"{version}-{language}\"";

    /// <param name="filter">Has been found right.</param>
    /// <param name="after">Where the page before ended; default at the start.</param>
    /// <param name="size">1 to 100.</param>
    /// <param name="language">Of names.</param>
    /// <param name="version">Of the lists, as an ETag; null makes one of the content.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<CachedAnswer> ReadAsync(ProductFilter filter, ListPosition after, int size, string language, string? version, CancellationToken cancellationToken)
    {
        var condition = await FilterSql.ResolveAsync(filter, context, cancellationToken);
        using var json = new ProductJson();
        string? next;
        if (filter.Facets is true)
        {
            // One snapshot, so that the counts belong to the page.
            next = await context.Database.CreateExecutionStrategy().ExecuteAsync(async cancellation =>
            {
                await using var snapshot = await context.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
                var next = await ReadPageAsync(filter, condition, after, size, language, json, cancellation);
                await facets.ReadAsync(filter, condition, language, json, cancellation);
                return next;
            }, cancellationToken);
        }
        else
        {
            next = await ReadPageAsync(filter, condition, after, size, language, json, cancellationToken);
        }
        json.End();
        var body = json.ToArray();
        return new(body, version is null ? $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\"" : ETagOf(version, language), next);
    }

    private Task<string?> ReadPageAsync(ProductFilter filter, FilterSql condition, ListPosition after, int size, string language, ProductJson json, CancellationToken cancellationToken)
    {
        var statement = PageSql.Of(filter, condition, after, size, language);
        return context.QueryAsync<string?>(statement.Text, statement.Parameters, async (rows, cancellation) =>
        {
            json.Clear();
            json.Raw("{\"items\":["u8);
            ListPosition last = default;
            for (var count = 0; await rows.ReadAsync(cancellation); count++)
            {
                if (count == size)
                {
                    var next = cursors.Write(NameOf(filter), last);
                    json.Raw($"],\"next\":\"{next}\"");
                    return next;
                }
                if (count > 0) json.Raw(","u8);
                var price = json.Begin(rows);
                json.End();
                last = new(rows.GetGuid(4), filter.IsByPrice ? price : null);
            }
            json.Raw("],\"next\":null"u8);
            return null;
        }, cancellationToken, prepared: condition.Parameters.Count == 0 && !filter.IsByPrice); // the page that everybody starts with
    }
}
