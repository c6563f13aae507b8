using System.Net;
using System.Net.Http.Json;
using System.Net.NetworkInformation;
using System.Net.Sockets;
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
    public async Task A_service_that_is_reached_directly_asks_for_a_token_of_the_gateway()
    {
        using var direct = app.App.CreateHttpClient("catalog", "https");
        direct.DefaultRequestHeaders.Add("X-Api-Key", await app.NewKeyAsync(ApiKeyRole.Admin));
        direct.DefaultRequestHeaders.Add("X-Client-Role", "ADMIN");
        using var response = await direct.GetAsync("/api/v1/products", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("catalog")]
    [InlineData("forecast")]
    [InlineData("prospector")]
    public async Task A_service_is_not_reached_by_the_machines_other_addresses(string service)
    {
        var port = app.App.GetEndpoint(service, "https").Port;
        var addresses = NetworkInterface.GetAllNetworkInterfaces().Where(card => card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address).Where(address => !IPAddress.IsLoopback(address)).ToList();
        Assert.SkipWhen(addresses.Count == 0, "This machine has no other address.");
        foreach (var address in addresses)
        {
            using var outside = new TcpClient(address.AddressFamily);
            await Assert.ThrowsAsync<SocketException>(() => outside.ConnectAsync(address, port, TestContext.Current.CancellationToken).AsTask());
        }
        using var inside = new TcpClient();
        await inside.ConnectAsync("localhost", port, TestContext.Current.CancellationToken);
    }
}
