using System.Net;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.RateLimiting;

public sealed class ClockJumpTests(GatewayFixture fixture)
{
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);

    [Theory]
    [InlineData(-2, true)]
    [InlineData(26, true)]
    [InlineData(-2, false)]
    [InlineData(26, false)]
    public async Task Setting_a_gateways_clock_opens_no_window_with_Redis_or_without(int hours, bool withRedis)
    {
        var clock = new ShiftedTime();
        using var jumping = Gateway(clock, withRedis);
        var key = await fixture.Postgres.IssueAsync();
        using var client = jumping.Client(key);
        Assert.Equal(20, await PassingAsync(client));
        clock.Ahead = TimeSpan.FromHours(hours);
        Assert.Equal(0, await PassingAsync(client));
        if (!withRedis)
            return;
        using var right = Gateway(new ShiftedTime(), withRedis); // shares the count whatever its neighbour's clock says
        using var other = right.Client(key);
        Assert.Equal(0, await PassingAsync(other));
    }

    private GatewayHost Gateway(ShiftedTime clock, bool withRedis)
    {
        (string, string?)[] settings = [("RateLimits:Policies:default:Requests", "20"), ("RateLimits:Policies:default:Window", "01:00:00")];
        return fixture.Gateway(clock, withRedis ? settings : [.. settings, ("ConnectionStrings:redis", "127.0.0.1:1")]);
    }

    private static async Task<int> PassingAsync(HttpClient client)
    {
        var passed = 0;
        for (var i = 0; i < 25; i++)
        {
            using var response = await client.GetAsync(Products, TestContext.Current.CancellationToken);
            passed += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }
        return passed;
    }
}
