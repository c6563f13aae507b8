using System.Net.Http.Json;
using System.Text.Json;

namespace Shabou.CatalogApi.Tests;

/// <summary>How tests read and write parts.</summary>
internal static class CatalogReads
{
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<JsonElement> PageAsync(this HttpClient client, string query) =>
        await client.GetFromJsonAsync<JsonElement>($"/api/v1/products?{query}", Cancellation);

    public static async Task<List<string>> SkusAsync(this HttpClient client, string query) =>
        [.. (await client.PageAsync(query)).GetProperty("items").EnumerateArray().Select(p => p.GetProperty("sku").GetString()!)];

    /// <summary>Every item of a list, page by page.</summary>
    public static async Task<List<JsonElement>> AllAsync(this HttpClient client, string query)
    {
        List<JsonElement> items = [];
        for (string? next = ""; next is not null;)
        {
            var page = await client.PageAsync(next.Length == 0 ? query : $"{query}&after={next}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }
        return items;
    }

    /// <summary>Posts a part and returns its answer.</summary>
    public static async Task<(JsonElement Part, string ETag)> CreateAsync(this HttpClient client, string sku, params (string Field, object? Value)[] differences)
    {
        using var created = await client.PostAsJsonAsync("/api/v1/products", Catalog.Part(sku, differences), Cancellation);
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync(Cancellation));
        return (await created.Content.ReadFromJsonAsync<JsonElement>(Cancellation), created.Headers.ETag!.Tag);
    }
}
