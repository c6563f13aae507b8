using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.Tests.Servers;
using Shabou.Testing.OpenApi;

namespace Shabou.Gateway.Tests.Description;

public sealed class ApiRootTests(GatewayFixture fixture)
{
    [Fact]
    public void Every_endpoint_of_the_gateway_is_below_the_versioned_root_or_one_of_the_few_others()
    {
        using var gateway = fixture.Gateway();
        gateway.StartServer();
        Assert.Contains(gateway.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>(), endpoint => endpoint.RoutePattern.RawText == "/api/v1/leads/{**rest}"); // the proxy's routes are endpoints too
        Assert.Empty(ApiRoot.Strays(gateway.Services));
    }

    [Theory]
    [InlineData("/api/v1/products/{id}", true)]
    [InlineData("api/v1/products", true)]
    [InlineData("/health", true)]
    [InlineData("/", true)]
    [InlineData("/.well-known/jwks.json", true)]
    [InlineData("/api/v2/products", false)]
    [InlineData("/api/v10/products", false)]
    [InlineData("/healthy", false)]
    [InlineData("/products", false)]
    public void What_is_below_the_root_is_known(string pattern, bool allowed) => Assert.Equal(allowed, ApiRoot.Allows(pattern));
}
