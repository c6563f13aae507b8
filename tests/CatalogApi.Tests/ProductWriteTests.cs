using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Shabou.Testing;

namespace Shabou.CatalogApi.Tests;

public sealed class ProductWriteTests(Catalog catalog) : IClassFixture<Catalog>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_created_part_is_found_where_Location_says_with_its_tax()
    {
        using var created = await catalog.Client.PostAsJsonAsync("/api/v1/products", Catalog.Part("NEW-1"), Cancellation);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.NotNull(created.Headers.ETag);

        var part = await catalog.Client.GetFromJsonAsync<JsonElement>(created.Headers.Location, Cancellation);
        Assert.Equal("NEW-1", part.GetProperty("sku").GetString());
        Assert.Equal("Bosch", part.GetProperty("brand").GetProperty("name").GetString());
        Assert.Equal("92.500", part.GetProperty("priceExclTax").GetRawText());
        Assert.Equal("110.075", part.GetProperty("priceInclTax").GetRawText()); // 92.500 x 1.19
        Assert.False(part.TryGetProperty("version", out _));
    }

    [Fact]
    public async Task An_unchanged_part_is_not_sent_again()
    {
        using var created = await catalog.Client.PostAsJsonAsync("/api/v1/products", Catalog.Part("ETAG-1"), Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, created.Headers.Location);
        request.Headers.IfNoneMatch.Add(created.Headers.ETag!);
        using var again = await catalog.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(created.Headers.ETag, again.Headers.ETag);
    }

    [Fact]
    public async Task An_update_needs_the_version_it_read()
    {
        using var created = await catalog.Client.PostAsJsonAsync("/api/v1/products", Catalog.Part("UPD-1"), Cancellation);
        var address = created.Headers.Location!;
        Assert.Equal((HttpStatusCode)428, await PutAsync(address, "UPD-1", null));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(address, "UPD-1", "not-quoted"));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(address, "UPD-1", "W/\"1\""));

        using var updated = await SendPutAsync(address, "UPD-1", created.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, updated.StatusCode);
        Assert.NotEqual(created.Headers.ETag, updated.Headers.ETag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync(address, "UPD-1", created.Headers.ETag.Tag));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(address, "UPD-1", updated.Headers.ETag!.Tag));
    }

    [Fact]
    public async Task Of_parallel_edits_on_one_version_one_wins()
    {
        using var created = await catalog.Client.PostAsJsonAsync("/api/v1/products", Catalog.Part("RACE-1"), Cancellation);
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => PutAsync(created.Headers.Location!, "RACE-1", created.Headers.ETag!.Tag)));
        Assert.Equal(1, results.Count(r => r == HttpStatusCode.OK));
        Assert.Equal(99, results.Count(r => r == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task A_sku_is_used_once()
    {
        using var first = await catalog.Client.PostAsJsonAsync("/api/v1/products", Catalog.Part("TWICE"), Cancellation);
        using var second = await catalog.Client.PostAsJsonAsync("/api/v1/products", Catalog.Part("TWICE"), Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Contains("TWICE", (await second.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    public static TheoryData<string, object?> Wrong => new()
    {
        { "sku", "" }, { "sku", new string('x', 65) }, { "sku", "has space" }, { "sku", null },
        { "names", new { fr = "", ar = "x" } }, { "names", new { fr = "x" } }, { "names", null },
        { "priceExclTax", -1 }, { "priceExclTax", 1.2345m }, { "priceExclTax", "many" }, { "priceExclTax", 1e12 },
        { "vatRate", 20 }, { "oeNumber", new string('1', 41) }, { "unheardOf", 1 },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_field_is_named_and_nothing_is_stored(string field, object? value)
    {
        using var response = await catalog.Client.PostAsJsonAsync("/api/v1/products", Catalog.Part("WRONG-1", (field, value)), Cancellation);
        var problem = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(field, problem, StringComparison.OrdinalIgnoreCase);
        var found = await catalog.Client.GetFromJsonAsync<JsonElement>("/api/v1/products?q=WRONG-1", Cancellation);
        Assert.Equal(0, found.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("brand", "nobody")]
    [InlineData("category", "nothing")]
    [InlineData("gtin", "3165143456782")] // 3165143456781 would be right
    [InlineData("gtin", "12345")]
    public async Task What_does_not_exist_or_cannot_be_right_is_named(string field, string value)
    {
        using var response = await catalog.Client.PostAsJsonAsync("/api/v1/products", Catalog.Part("WRONG-2", (field, value)), Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var errors = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("errors");
        Assert.Contains(value, errors.GetProperty(field)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_JSON_is_a_problem()
    {
        using var body = new StringContent("{ \"sku\": ", Encoding.UTF8, "application/json");
        using var response = await catalog.Client.PostAsync("/api/v1/products", body, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Without_the_gateways_word_nothing_is_served()
    {
        using var stranger = catalog.Anonymous();
        using var response = await stranger.GetAsync("/api/v1/products", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private async Task<HttpStatusCode> PutAsync(Uri address, string sku, string? ifMatch)
    {
        using var response = await SendPutAsync(address, sku, ifMatch);
        return response.StatusCode;
    }

    private async Task<HttpResponseMessage> SendPutAsync(Uri address, string sku, string? ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = JsonContent.Create(Catalog.Part(sku, ("priceExclTax", 95.0m))) };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await catalog.Client.SendAsync(request, Cancellation);
    }
}
