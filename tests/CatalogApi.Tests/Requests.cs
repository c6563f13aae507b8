using System.Net;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Shabou.CatalogApi.Tests;

/// <summary>What the tests of resources with versions send.</summary>
internal static class Requests
{
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<HttpResponseMessage> SendAsync(this HttpClient client, HttpMethod method, string address, object? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, address);
        if (body is not null) request.Content = JsonContent.Create(body);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<HttpStatusCode> StatusAsync(this HttpClient client, HttpMethod method, string address, object? body = null, string? ifMatch = null)
    {
        using var response = await client.SendAsync(method, address, body, ifMatch);
        return response.StatusCode;
    }

    public static Task<JsonElement> JsonAsync(this HttpClient client, string address) => client.GetFromJsonAsync<JsonElement>(address, TestContext.Current.CancellationToken);

    public static Task<JsonElement> JsonAsync(this HttpResponseMessage response) => response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    /// <summary>The answer has this status, and its problem names these things.</summary>
    public static async Task RefusesAsync(this HttpClient client, HttpStatusCode status, HttpMethod method, string address, object? body, string? ifMatch, params string[] names)
    {
        using var response = await client.SendAsync(method, address, body, ifMatch);
        var problem = JsonSerializer.Serialize(await response.JsonAsync(), s_readable);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} {problem}");
        Assert.All(names, name => Assert.Contains(name, problem, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Adds a part; its id and its ETag.</summary>
    public static async Task<(Guid Id, string ETag)> AddPartAsync(this Catalog catalog, string sku, params (string Field, object? Value)[] differences)
    {
        using var created = await catalog.Client.SendAsync(HttpMethod.Post, "/api/v1/products", Catalog.Part(sku, differences));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return (Guid.Parse(created.Headers.Location!.OriginalString[^36..]), created.Headers.ETag!.Tag);
    }
}
