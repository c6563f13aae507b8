using System.Diagnostics;
using System.Net;

namespace Shabou.EndToEnd.Tests;

public sealed class RateLimitTests(ShabouApp app)
{
    [Fact]
    public async Task Of_150_concurrent_requests_of_one_client_100_pass()
    {
        using var client = await app.NewClientAsync();
        using (var warm = await app.NewClientAsync()) // the connections and code paths, on another client's allowance
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => warm.GetAsync("/api/v1/me", TestContext.Current.CancellationToken)));

        var clock = Stopwatch.StartNew();
        var responses = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => client.GetAsync("/api/v1/me", TestContext.Current.CancellationToken)));
        var earnedBack = (int)(clock.Elapsed.TotalSeconds / 0.6); // a token every 0.6 s while the burst lasts; 0 on an idle machine

        Assert.InRange(responses.Count(r => r.StatusCode == HttpStatusCode.OK), 100, 100 + earnedBack);
        var refused = responses.Where(r => r.StatusCode != HttpStatusCode.OK).ToList();
        Assert.All(refused, r =>
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, r.StatusCode);
            Assert.NotNull(r.Headers.RetryAfter?.Delta);
            Assert.Contains("r=0", Assert.Single(r.Headers.GetValues("RateLimit")), StringComparison.Ordinal);
        });
        foreach (var response in responses) response.Dispose();
    }
}
