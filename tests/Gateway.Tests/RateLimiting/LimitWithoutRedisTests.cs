using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.RateLimiting;

public sealed class LimitWithoutRedisTests(GatewayFixture fixture, RedisServer redis) : IClassFixture<RedisServer>
{
    private const string Degraded = "RateLimit-Degraded";
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(30);
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_Redis_is_away_each_gateway_limits_alone_and_costly_requests_are_refused()
    {
        using var gateway = fixture.Gateway(
            ("ConnectionStrings:redis", $"127.0.0.1:{redis.Port}"), ("RateLimits:Replicas", "2"), ("RateLimits:Policies:default:Window", "00:10:00"), ("RateLimits:ProbeEvery", "00:00:00.2"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        using (var before = await client.GetAsync(Products, Cancelled))
            Assert.False(before.Headers.Contains(Degraded));
        using var gauge = new DegradedGauge(gateway);
        Assert.Equal(0, gauge.Read());

        await redis.KillAsync(Cancelled);
        var answers = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => client.GetAsync(Products, Cancelled)));
        Assert.Equal(49, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK)); // half of 100: its part of two gateways; and one was counted before
        Assert.Equal(31, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.All(answers, answer => Assert.Equal("?1", answer.Header(Degraded)));
        Assert.All(answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests), answer => Assert.NotNull(answer.Headers.RetryAfter));
        foreach (var answer in answers)
            answer.Dispose();

        Assert.Equal(1, gauge.Read());
        using (var costly = await client.PostAsync(new Uri("/api/v1/training-runs", UriKind.Relative), null, Cancelled))
            Assert.Contains("rate limiter", await costly.ProblemAsync(HttpStatusCode.ServiceUnavailable, "service-unavailable"), StringComparison.Ordinal);
        using (var health = await client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled))
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);

        await redis.StartAsync(Cancelled);
        var started = Stopwatch.StartNew();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await IsDegradedAsync(client))
        {
            Assert.True(started.Elapsed < RecoveryLimit, "The gateway did not find Redis again.");
            await tick.WaitForNextTickAsync(Cancelled);
        }
        using var again = await client.PostAsync(new Uri("/api/v1/training-runs", UriKind.Relative), null, Cancelled);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(0, gauge.Read());
    }

    [Fact]
    public async Task A_gateway_starts_without_Redis()
    {
        using var gateway = fixture.Gateway(("ConnectionStrings:redis", "127.0.0.1:1"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        using var response = await client.GetAsync(Products, Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("?1", response.Header(Degraded));
    }

    private static async Task<bool> IsDegradedAsync(HttpClient client)
    {
        using var response = await client.GetAsync(Products, Cancelled);
        return response.Headers.Contains(Degraded);
    }

    /// <summary>What monitoring would read from one gateway of this process.</summary>
    private sealed class DegradedGauge : IDisposable
    {
        private readonly MeterListener _listener = new();
        private int _value = -1;

        public DegradedGauge(GatewayHost gateway)
        {
            var meters = gateway.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "shabou.gateway.limiter_degraded" && instrument.Meter.Scope == meters)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<int>((_, value, _, _) => _value = value);
            _listener.Start();
        }

        public int Read()
        {
            _listener.RecordObservableInstruments();
            return _value;
        }

        public void Dispose() => _listener.Dispose();
    }
}
