using System.Diagnostics;
using System.Net;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Identity;
using StackExchange.Redis;

namespace Shabou.Gateway.Tests.Health;

/// <summary>Dependencies of its own that go away and come back: the right check says so in time, and the process is alive throughout.</summary>
public sealed class LostDependencyTests(GatewayFixture fixture, PostgresServer postgres, RedisServer redis) : IClassFixture<PostgresServer>, IClassFixture<RedisServer>
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(10);
    private static readonly string[] OfTheDatabase = ["postgres", "queue", "replica-lag", "budget", "backup"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_stops_turns_its_check_within_ten_seconds_and_no_other()
    {
        var catalog = await Upstream.StartAsync(Cancelled);
        var port = new Uri(catalog.Address).Port;
        using var gateway = Gateway(("Services:catalog:http:0", catalog.Address));
        using var client = await ReadyAsync(gateway, "catalog");

        await catalog.DisposeAsync();
        await TurnsAsync(client, "catalog", "Unhealthy");
        Assert.Equal("Healthy", await StatusAsync(client, "forecast"));

        await using var again = await Upstream.StartAsync(Cancelled, port);
        await TurnsAsync(client, "catalog", "Healthy");
    }

    [Theory]
    [InlineData("STOP", "CONT")]
    [InlineData("KILL", null)]
    public async Task A_Redis_that_hangs_or_dies_turns_its_check_within_ten_seconds(string signal, string? undo)
    {
        using var gateway = Gateway();
        using var client = await ReadyAsync(gateway, "redis");
        var process = await ProcessOfRedisAsync();
        try
        {
            await SignalAsync(process, signal);
            await TurnsAsync(client, "redis", "Degraded");
            Assert.Equal("Healthy", await StatusAsync(client, "postgres"));
        }
        finally
        {
            await (undo is not null ? SignalAsync(process, undo) : redis.StartAsync(Cancelled).AsTask());
        }
        await TurnsAsync(client, "redis", "Healthy");
    }

    [Fact]
    public async Task A_PostgreSQL_that_stops_turns_its_checks_within_ten_seconds_and_readiness_but_never_liveness()
    {
        using var gateway = Gateway();
        using var client = await ReadyAsync(gateway, OfTheDatabase);
        await postgres.StopAsync(Cancelled);
        try
        {
            await Task.WhenAll(OfTheDatabase.Select(check => TurnsAsync(client, check, "Unhealthy")));
            Assert.Equal("Healthy", await StatusAsync(client, "catalog"));
            using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        }
        finally
        {
            await postgres.StartAsync(Cancelled);
        }
        await TurnsAsync(client, "postgres", "Healthy");
    }

    private GatewayHost Gateway(params (string Key, string? Value)[] settings) => fixture.Gateway(
        [("ConnectionStrings:shabou", postgres.ConnectionString), ("ConnectionStrings:redis", $"127.0.0.1:{redis.Port}"), ("RateLimits:Policies:default:Requests", "100000"), .. settings]);

    private async Task<HttpClient> ReadyAsync(GatewayHost gateway, params string[] checks)
    {
        var client = gateway.Client(await postgres.IssueAsync(ApiKeyRole.Admin));
        await client.ReportAsync(report => checks.All(check => report[check].GetProperty("ageSeconds").ValueKind == System.Text.Json.JsonValueKind.Number
            && (check is "queue" or "backup" || report[check].GetProperty("status").GetString() == "Healthy")));
        return client;
    }

    private static async Task TurnsAsync(HttpClient client, string check, string status)
    {
        var started = Stopwatch.GetTimestamp();
        await client.ReportAsync(report =>
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Promise, $"{check} was {report[check].GetProperty("status")} for {Promise.TotalSeconds} s and should be {status}.");
            return report[check].GetProperty("status").GetString() == status;
        });
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("/alive", UriKind.Relative), Cancelled));
        TestContext.Current.TestOutputHelper?.WriteLine($"{check} turned {status} after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    private static async Task<string?> StatusAsync(HttpClient client, string check) =>
        (await client.ReportAsync(_ => true))[check].GetProperty("status").GetString();

    private async Task<int> ProcessOfRedisAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port},allowAdmin=true");
        var info = await connection.GetServers()[0].InfoAsync("server");
        return int.Parse(info.SelectMany(section => section).Single(line => line.Key == "process_id").Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task SignalAsync(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync(Cancelled);
        Assert.Equal(0, kill.ExitCode);
    }
}
