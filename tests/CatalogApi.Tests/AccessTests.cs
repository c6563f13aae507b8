using Shabou.CatalogApi.Products;
using Shabou.Testing;

namespace Shabou.CatalogApi.Tests;

public sealed class AccessTests(TestServers servers) : IAsyncLifetime
{
    private ServiceHost<ProductView> _host = null!;
    private EndpointMatrix _matrix = null!;

    public async ValueTask InitializeAsync()
    {
        _host = new(await servers.CreateDatabaseAsync(), ("ConnectionStrings:redis", servers.Redis));
        var client = _host.Anonymous();
        _matrix = new(_host.Services, client, "catalog");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Every_endpoint_lets_in_its_roles_by_tokens_for_this_service_and_nobody_else()
    {
        Assert.InRange(_matrix.Cells, 50, int.MaxValue); // the table was found
        Assert.Empty(await _matrix.ViolationsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Anybody_may_call_these_endpoints_and_no_other() => Assert.Equal(TestTokens.Anonymous, _matrix.Anonymous);
}
