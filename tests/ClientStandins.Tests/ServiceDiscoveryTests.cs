using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Shabou.ClientStandins.Tests;

public sealed class ServiceDiscoveryTests
{
    [Theory]
    [InlineData("https+http://catalog/x?y=1", "https://one:5001/x?y=1")]
    [InlineData("http+https://catalog/x", "http://one:5000/x")]
    [InlineData("http://catalog/x", "http://one:5000/x")]
    [InlineData("https+http://CATALOG/x", "https://one:5001/x")]
    public async Task The_first_scheme_that_has_endpoints_wins(string asked, string expected)
    {
        var (client, seen) = Client(("Services:catalog:https:0", "https://one:5001"), ("Services:catalog:http:0", "http://one:5000"));
        await client.GetStringAsync(asked, TestContext.Current.CancellationToken);
        Assert.Equal([expected], seen);
    }

    [Fact]
    public async Task Http_serves_where_https_is_not_configured()
    {
        var (client, seen) = Client(("Services:catalog:http:0", "http://one:5000"));
        await client.GetStringAsync("https+http://catalog/", TestContext.Current.CancellationToken);
        Assert.Equal(["http://one:5000/"], seen);
    }

    [Fact]
    public async Task The_default_endpoint_comes_before_the_schemes()
    {
        var (client, seen) = Client(("Services:catalog:https:0", "https://one"), ("Services:catalog:default:0", "https://two"));
        await client.GetStringAsync("https://catalog/", TestContext.Current.CancellationToken);
        Assert.Equal(["https://two/"], seen);
    }

    [Fact]
    public async Task An_underscore_picks_an_endpoint_by_name()
    {
        var (client, seen) = Client(("Services:catalog:https:0", "https://one"), ("Services:catalog:grpc:0", "https://grpc:9/base"));
        await client.GetStringAsync("https+http://_grpc.catalog/call", TestContext.Current.CancellationToken);
        Assert.Equal(["https://grpc:9/base/call"], seen);
    }

    [Theory]
    [InlineData("https+http://unknown:81/x", "https://unknown:81/x")]
    [InlineData("https+http://unknown/x", "https://unknown/x")]
    [InlineData("https://places.example.com/v1?q=a%20b", "https://places.example.com/v1?q=a%20b")]
    [InlineData("http://127.0.0.1:5000/", "http://127.0.0.1:5000/")]
    public async Task Any_other_host_is_passed_through(string asked, string expected)
    {
        var (client, seen) = Client(("Services:catalog:https:0", "https://one"));
        await client.GetStringAsync(asked, TestContext.Current.CancellationToken);
        Assert.Equal([expected], seen);
    }

    [Fact]
    public async Task Several_endpoints_take_turns()
    {
        var (client, seen) = Client(("Services:catalog:https:0", "https://one"), ("Services:catalog:https:1", "https://two"));
        for (var call = 0; call < 4; call++)
        {
            await client.GetStringAsync("https://catalog/", TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, seen.Count(uri => uri == "https://one/"));
        Assert.Equal(2, seen.Count(uri => uri == "https://two/"));
        Assert.NotEqual(seen[0], seen[1]);
    }

    [Fact]
    public async Task Callers_above_see_the_name_they_asked_for()
    {
        var (client, _) = Client(("Services:catalog:https:0", "https://one"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https+http://catalog/");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("https+http://catalog/", request.RequestUri!.ToString());
    }

    [Fact]
    public async Task Changed_configuration_is_followed()
    {
        var configuration = new ConfigurationManager { ["Services:catalog:https:0"] = "https://one" };
        var (client, seen) = Client(configuration);
        await client.GetStringAsync("https://catalog/", TestContext.Current.CancellationToken);
        configuration["Services:catalog:https:0"] = "https://two";
        ((IConfigurationRoot)configuration).Reload();

        // The genuine package resolves anew in the background.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        while (seen[^1] != "https://two/")
        {
            await client.GetStringAsync("https://catalog/", patience.Token);
        }
    }

    [Fact]
    public async Task Endpoints_that_are_not_numbered_are_an_error()
    {
        var (client, _) = Client(("Services:catalog:https:first", "https://one"));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => client.GetStringAsync("https://catalog/", TestContext.Current.CancellationToken));
    }

    private static (HttpClient Client, List<string> Seen) Client(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }

        return Client(configuration);
    }

    private static (HttpClient Client, List<string> Seen) Client(IConfiguration configuration)
    {
        var seen = new List<string>();
        var services = new ServiceCollection().AddSingleton(configuration).AddServiceDiscovery();
        services.AddHttpClient("tested").AddServiceDiscovery().ConfigurePrimaryHttpMessageHandler(() => new Answering(request =>
        {
            seen.Add(request.RequestUri!.AbsoluteUri);
            return new HttpResponseMessage();
        }));
        return (services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("tested"), seen);
    }
}
