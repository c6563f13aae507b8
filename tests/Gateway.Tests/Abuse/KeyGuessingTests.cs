using System.Net;
using System.Net.Http.Headers;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Abuse;

/// <summary>Whoever tries keys gets ten tries; whoever has one is not disturbed by a neighbour who tries.</summary>
public sealed class KeyGuessingTests(GatewayFixture fixture, RedisServer redis) : IClassFixture<RedisServer>
{
    private const int Tries = 10;
    private static readonly Uri Products = new("/api/v1/products", UriKind.Relative);
    private static int _database;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_keys_tried_at_once_at_two_gateways_ten_are_answered()
    {
        var database = Interlocked.Increment(ref _database);
        using var one = Gateway(database);
        using var two = Gateway(database);
        using var first = one.Client();
        using var second = two.Client();
        var valid = await fixture.Postgres.IssueAsync();
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [await TryAsync(first, valid.Secret), await TryAsync(second, valid.Secret)]); // the ways to the database are open
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => TryAsync(i % 2 == 0 ? first : second, IssuedKey.NewSecret())));
        Assert.Equal(Tries, answers.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(190, answers.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_network_that_is_out_of_tries_is_refused_before_the_database_is_asked()
    {
        using var gateway = Gateway(settings: [("ConnectionStrings:shabou", "Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=2")]);
        using var client = gateway.Client();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await TryAsync(client, IssuedKey.NewSecret())); // asked, in vain: that is no try
        for (var i = 0; i < Tries; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(client, "short"));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (await TryAsync(client, IssuedKey.NewSecret()) != HttpStatusCode.TooManyRequests) // 503 for the two seconds in which nobody asks
            await tick.WaitForNextTickAsync(limit.Token);
    }

    [Fact]
    public async Task The_same_wrong_key_again_and_again_is_a_try_each_time()
    {
        using var gateway = Gateway();
        using var client = gateway.Client();
        var valid = await fixture.Postgres.IssueAsync();
        Assert.Equal(HttpStatusCode.OK, await TryAsync(client, valid.Secret)); // the way to the database is open
        var key = IssuedKey.NewSecret();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => TryAsync(client, key)));
        Assert.InRange(answers.Count(status => status == HttpStatusCode.Unauthorized), Tries - 1, Tries); // those who ask at the same moment may share one try, and never get one more
    }

    [Fact]
    public async Task A_bad_token_is_a_try_too()
    {
        using var gateway = Gateway();
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "eyJhbGciOiJub25lIn0.e30.");
        for (var i = 0; i < Tries; i++)
        {
            using var refused = await client.GetAsync(Products, Cancelled);
            await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        }
        using var limited = await client.GetAsync(Products, Cancelled);
        Assert.Contains("with a credential that is not valid, for each network", await limited.ProblemAsync(HttpStatusCode.TooManyRequests, "rate-limited"), StringComparison.Ordinal);
        Assert.InRange(limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 360);
    }

    [Fact]
    public async Task A_key_in_use_works_while_its_network_is_out_of_tries_and_a_new_one_waits()
    {
        using var gateway = Gateway(settings: [("ApiKeys:FreshFor", "00:00:00")]); // looked up again each time, and still no guess
        var used = await fixture.Postgres.IssueAsync();
        using var customer = gateway.Client(used);
        Assert.Equal("answered", await customer.GetStringAsync(Products, Cancelled));
        using var guesser = gateway.Client();
        for (var i = 0; i < 2 * Tries; i++)
            await TryAsync(guesser, IssuedKey.NewSecret());
        for (var i = 0; i < 5; i++)
            Assert.Equal("answered", await customer.GetStringAsync(Products, Cancelled));
        using var newcomer = gateway.Client(await fixture.Postgres.IssueAsync());
        using var waits = await newcomer.GetAsync(Products, Cancelled);
        await waits.ProblemAsync(HttpStatusCode.TooManyRequests, "rate-limited");
        Assert.NotNull(waits.Headers.RetryAfter);
    }

    [Fact]
    public async Task Any_number_of_valid_keys_may_come_from_one_network()
    {
        using var gateway = Gateway();
        for (var i = 0; i < 3 * Tries; i++)
        {
            using var client = gateway.Client(await fixture.Postgres.IssueAsync());
            Assert.Equal("answered", await client.GetStringAsync(Products, Cancelled));
        }
        using var first = gateway.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(first, IssuedKey.NewSecret()));
    }

    [Fact]
    public async Task A_key_that_is_known_costs_one_round_trip()
    {
        var database = Interlocked.Increment(ref _database);
        using var gateway = Gateway(database);
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        Assert.Equal("answered", await client.GetStringAsync(Products, Cancelled));
        await using var monitor = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port},allowAdmin=true");
        var server = monitor.GetServers().Single();
        await server.ConfigResetStatisticsAsync();
        for (var i = 0; i < 7; i++)
            await client.GetStringAsync(Products, Cancelled);
        var commands = (await server.InfoAsync("commandstats")).Single().ToDictionary();
        Assert.StartsWith("calls=7,", commands["cmdstat_evalsha"], StringComparison.Ordinal);
        Assert.DoesNotContain("cmdstat_eval", commands.Keys);
    }

    private GatewayHost Gateway(int? database = null, params (string Key, string? Value)[] settings) => fixture.Gateway(
    [
        ("ConnectionStrings:redis", $"127.0.0.1:{redis.Port},defaultDatabase={database ?? Interlocked.Increment(ref _database)}"),
        ("RateLimits:Policies:guessing:Requests", $"{Tries}"), ("RateLimits:Policies:guessing:Window", "01:00:00"), .. settings,
    ]);

    private static async Task<HttpStatusCode> TryAsync(HttpClient client, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Products) { Headers = { { "X-Api-Key", key } } };
        using var response = await client.SendAsync(request, Cancelled);
        return response.StatusCode;
    }
}
