using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Shabou.Schema.Identity;

namespace Shabou.EndToEnd.Tests;

public sealed class SignInTests(ShabouApp app)
{
    [Fact]
    public async Task The_administrators_key_signs_in()
    {
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Add("X-Api-Key", app.AdminKey);
        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/me", TestContext.Current.CancellationToken);
        Assert.Equal("ADMIN", me.GetProperty("role").GetString());
    }

    [Theory]
    [InlineData("/api/v1/products")]
    [InlineData("/api/v1/forecasts")]
    [InlineData("/api/v1/budget")]
    [InlineData("/api/v1/me")]
    public async Task Without_a_key_nothing_is_served(string path)
    {
        using var client = app.Anonymous();
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_service_that_is_reached_directly_asks_for_the_gateways_word()
    {
        using var direct = app.App.CreateHttpClient("catalog", "https");
        direct.DefaultRequestHeaders.Add("X-Api-Key", await app.NewKeyAsync(ApiKeyRole.Admin));
        direct.DefaultRequestHeaders.Add("X-Client-Role", "ADMIN");
        using var response = await direct.GetAsync("/api/v1/products", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
