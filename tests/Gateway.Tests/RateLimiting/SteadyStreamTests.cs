using System.Diagnostics;
using System.Net;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.RateLimiting;

/// <summary>Over many windows a client that always wants more gets its quota: no request more, none less.</summary>
public sealed class SteadyStreamTests(GatewayFixture fixture)
{
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_stream_over_three_windows_gets_the_quota() => StreamAsync(requests: 600, every: TimeSpan.FromMilliseconds(10), window: TimeSpan.FromSeconds(2));

    [Fact, Trait("Category", "Faults")]
    public Task Six_thousand_requests_in_ten_minutes_get_the_quota() => StreamAsync(requests: 6_000, every: TimeSpan.FromMilliseconds(100), window: TimeSpan.FromSeconds(60));

    private async Task StreamAsync(int requests, TimeSpan every, TimeSpan window)
    {
        const int Quota = 20;
        (string, string?)[] settings = [("RateLimits:Policies:default:Requests", $"{Quota}"), ("RateLimits:Policies:default:Window", $"{window}")];
        using var one = fixture.Gateway(settings);
        using var two = fixture.Gateway(settings);
        var key = await fixture.Postgres.IssueAsync();
        using var first = one.Client(key);
        using var second = two.Client(key);
        using (await second.GetAsync(new Uri("/alive", UriKind.Relative), Cancelled)) { }

        var clock = Stopwatch.StartNew();
        var passed = await PassesAsync(first) ? 1 : 0;
        var begun = clock.Elapsed; // the first count was made between zero and this
        using (var tick = new PeriodicTimer(every))
        {
            var asked = new List<Task<bool>>(requests);
            while (asked.Count < requests - 1 && await tick.WaitForNextTickAsync(Cancelled))
                asked.Add(PassesAsync(asked.Count % 2 == 0 ? second : first));
            passed += (await Task.WhenAll(asked)).Count(pass => pass);
        }
        var last = clock.Elapsed;
        while (await PassesAsync(first)) // whatever a pause of this machine has left
        {
            passed++;
            last = clock.Elapsed;
        }
        var interval = window / Quota;
        TestContext.Current.SendDiagnosticMessage($"{passed} of {requests} passed in {last.TotalSeconds:0.0} s; the quota is {Quota + last / interval:0.0}.");
        Assert.InRange(passed, Quota + (last - begun) / interval - 1, Quota + clock.Elapsed / interval + 1);
    }

    private static async Task<bool> PassesAsync(HttpClient client)
    {
        using var response = await client.GetAsync(Products, Cancelled);
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, response.StatusCode.ToString());
        return response.StatusCode == HttpStatusCode.OK;
    }
}
