using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;

namespace Shabou.ClientStandins.Tests;

public sealed class ProxyDestinationTests
{
    [Fact]
    public async Task A_service_name_becomes_one_destination_for_each_endpoint()
    {
        await using var one = await StartUpstreamAsync("one");
        await using var two = await StartUpstreamAsync("two");
        await using var proxy = await StartProxyAsync("https+http://catalog", ("Services:catalog:http:0", one.Urls.First()), ("Services:catalog:http:1", two.Urls.First()));
        using var client = new HttpClient();
        var answers = new List<string>();
        for (var call = 0; call < 4; call++)
        {
            answers.Add(await client.GetStringAsync($"{proxy.Urls.First()}/parts?q=1", TestContext.Current.CancellationToken));
        }

        Assert.Equal(["one /parts?q=1", "one /parts?q=1", "two /parts?q=1", "two /parts?q=1"], answers.Order());
        Assert.True(proxy.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster("catalog", out var cluster));
        Assert.Equal(
            new[] { $"only[{one.Urls.First()}/]", $"only[{two.Urls.First()}/]" }.Order(),
            cluster.Destinations.Keys.Order());
    }

    [Fact]
    public async Task Changed_configuration_moves_the_traffic()
    {
        await using var one = await StartUpstreamAsync("one");
        await using var two = await StartUpstreamAsync("two");
        await using var proxy = await StartProxyAsync("http://catalog", ("Services:catalog:http:0", one.Urls.First()));
        using var client = new HttpClient();
        Assert.StartsWith("one", await client.GetStringAsync(proxy.Urls.First(), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var configuration = (IConfigurationRoot)proxy.Configuration;
        configuration["Services:catalog:http:0"] = two.Urls.First();
        configuration.Reload();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        while (!(await client.GetStringAsync(proxy.Urls.First(), patience.Token)).StartsWith("two", StringComparison.Ordinal))
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_plain_address_stays_what_it_is()
    {
        await using var one = await StartUpstreamAsync("one");
        await using var proxy = await StartProxyAsync(one.Urls.First());
        using var client = new HttpClient();
        Assert.Equal("one /", await client.GetStringAsync(proxy.Urls.First(), TestContext.Current.CancellationToken));
    }

    private static async Task<WebApplication> StartUpstreamAsync(string name)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(http => http.Response.WriteAsync($"{name} {http.Request.Path}{http.Request.QueryString}"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task<WebApplication> StartProxyAsync(string address, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddServiceDiscovery();
        builder.Services.AddReverseProxy().AddServiceDiscoveryDestinationResolver().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "catalog", Match = new RouteMatch { Path = "/{**rest}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = "catalog",
                    LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
                    Destinations = new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = address } },
                },
            ]);
        var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
