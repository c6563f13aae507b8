using System.Net;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.RateLimiting;

/// <summary>The window is ten minutes here, so that a slow machine earns nothing back while a test runs: counts are exact.</summary>
public sealed class SharedLimitTests(GatewayFixture fixture)
{
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_150_concurrent_requests_exactly_100_pass()
    {
        using var gateway = Gateway();
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        var statuses = await AskAsync(150, client);
        Assert.Equal(100, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(50, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Of_150_concurrent_requests_to_two_gateways_exactly_100_pass()
    {
        using var one = Gateway();
        using var two = Gateway();
        var key = await fixture.Postgres.IssueAsync();
        using var first = one.Client(key);
        using var second = two.Client(key);
        var statuses = await Task.WhenAll(AskAsync(75, first), AskAsync(75, second));
        Assert.Equal(100, statuses.SelectMany(asked => asked).Count(status => status == HttpStatusCode.OK));
        Assert.Equal(50, statuses.SelectMany(asked => asked).Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Every_answer_says_where_the_client_stands()
    {
        using var gateway = Gateway(("RateLimits:Policies:default:Requests", "2"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        using var first = await client.GetAsync(Products, Cancelled);
        Assert.Equal("\"default\";q=2;w=600", first.Header("RateLimit-Policy"));
        Assert.Equal("\"default\";r=1;t=300", first.Header("RateLimit"));
        Assert.False(first.Headers.Contains("RateLimit-Degraded"));
        using var second = await client.GetAsync(Products, Cancelled);
        Assert.StartsWith("\"default\";r=0;t=", second.Header("RateLimit"), StringComparison.Ordinal);

        using var third = await client.GetAsync(Products, Cancelled);
        Assert.Contains("2 requests in 600 s", await third.ProblemAsync(HttpStatusCode.TooManyRequests, "rate-limited"), StringComparison.Ordinal);
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 300);
        Assert.StartsWith("\"default\";r=0;t=", third.Header("RateLimit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_client_cannot_use_up_the_quota_of_another()
    {
        using var gateway = Gateway(("RateLimits:Policies:default:Requests", "1"));
        using var greedy = gateway.Client(await fixture.Postgres.IssueAsync());
        using var modest = gateway.Client(await fixture.Postgres.IssueAsync());
        await AskAsync(5, greedy);
        Assert.Equal([HttpStatusCode.OK], await AskAsync(1, modest));
    }

    [Fact]
    public async Task Requests_that_start_trainings_and_sweeps_are_counted_apart()
    {
        using var gateway = Gateway(("RateLimits:Policies:training:Requests", "1"), ("RateLimits:Policies:prospecting:Requests", "2"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        foreach (var (path, policy) in ((string, string)[])[("/api/v1/training-runs", "\"training\";q=1;w=600"), ("/api/v1/campaigns/7/runs", "\"prospecting\";q=2;w=600")])
        {
            using var response = await client.PostAsync(new Uri(path, UriKind.Relative), null, Cancelled);
            Assert.Equal(policy, response.Header("RateLimit-Policy"));
        }
        using var listed = await client.GetAsync(new Uri("/api/v1/training-runs", UriKind.Relative), Cancelled);
        Assert.Equal("\"default\";r=99;t=6", listed.Header("RateLimit"));
    }

    [Fact]
    public async Task Probes_are_never_limited()
    {
        using var gateway = Gateway(("RateLimits:Policies:default:Requests", "1"));
        using var client = gateway.Client();
        for (var i = 0; i < 5; i++)
        {
            using var response = await client.GetAsync(new Uri("/alive", UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("RateLimit"));
        }
    }

    private GatewayHost Gateway(params (string Key, string? Value)[] settings) =>
        fixture.Gateway([("RateLimits:Policies:default:Window", "00:10:00"), ("RateLimits:Policies:training:Window", "00:10:00"), ("RateLimits:Policies:prospecting:Window", "00:10:00"), .. settings]);

    private static Task<HttpStatusCode[]> AskAsync(int times, HttpClient client) => Task.WhenAll(Enumerable.Range(0, times).Select(async _ =>
    {
        using var response = await client.GetAsync(Products, Cancelled);
        return response.StatusCode;
    }));
}
