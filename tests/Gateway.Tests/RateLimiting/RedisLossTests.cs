using System.Diagnostics;
using System.Net;
using Shabou.Gateway.Tests.Abuse;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.RateLimiting;

/// <summary>Redis is killed for a minute under load and starts empty.</summary>
[Collection(nameof(Alone)), Trait("Category", "Faults")]
public sealed class RedisLossTests(GatewayFixture fixture)
{
    private const int Quota = 100;
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(60); // 1,000 requests a minute, ten times the quota
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_minute_without_Redis_costs_no_request_and_little_accuracy()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        using var gateway = fixture.Gateway(("ConnectionStrings:redis", $"127.0.0.1:{redis.Port}"), ("RateLimits:RedisTimeout", "00:00:00.25"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        using (await client.GetAsync(Products, Cancelled)) { }

        var answers = new List<Task<Answer>>();
        var clock = Stopwatch.StartNew();
        await AskForAsync(TimeSpan.FromSeconds(10));
        await redis.KillAsync(Cancelled);
        var killed = clock.Elapsed;
        await AskForAsync(Away);
        await redis.StartAsync(Cancelled);
        var back = clock.Elapsed;
        await AskForAsync(TimeSpan.FromSeconds(20));

        var all = await Task.WhenAll(answers);
        var passed = all.Count(answer => answer.Status == HttpStatusCode.OK) + 1;
        var ideal = Quota + clock.Elapsed / TimeSpan.FromMinutes(1) * Quota;
        var recovered = all.Where(answer => answer.Degraded).Max(answer => answer.At) - back;
        var p99 = all.Select(answer => answer.Took).Order().ElementAt((int)(all.Length * 0.99));
        Console.WriteLine($"{passed} of {all.Length} passed, ideal {ideal:0}; recovered in {recovered.TotalSeconds:0.0} s; p99 {p99.TotalMilliseconds:0} ms; slowest {all.Max(answer => answer.Took).TotalMilliseconds:0} ms");
        Assert.All(all, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, answer.Status.ToString()));
        Assert.All(all.Where(answer => answer.At > killed + TimeSpan.FromSeconds(1) && answer.At < back), answer => Assert.True(answer.Degraded));
        Assert.InRange(passed, ideal * 0.9, ideal * 2);
        Assert.InRange(recovered, TimeSpan.MinValue, TimeSpan.FromSeconds(10));
        Assert.InRange(p99, TimeSpan.Zero, TimeSpan.FromMilliseconds(500));

        async Task AskForAsync(TimeSpan time)
        {
            var until = clock.Elapsed + time;
            using var tick = new PeriodicTimer(Pace);
            while (clock.Elapsed < until && await tick.WaitForNextTickAsync(Cancelled))
                answers.Add(AskAsync(clock.Elapsed));
        }

        async Task<Answer> AskAsync(TimeSpan at)
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await client.GetAsync(Products, Cancelled);
            return new Answer(response.StatusCode, response.Headers.Contains("RateLimit-Degraded"), at, Stopwatch.GetElapsedTime(started));
        }
    }

    private sealed record Answer(HttpStatusCode Status, bool Degraded, TimeSpan At, TimeSpan Took);
}
