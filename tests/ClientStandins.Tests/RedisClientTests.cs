using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Shabou.ClientStandins.Tests;

public sealed class RedisClientTests
{
    private const string Section = "Aspire:StackExchange:Redis";

    [Fact]
    public void A_missing_connection_string_is_an_error_only_when_the_connection_is_asked_for()
    {
        var builder = Builder();
        builder.AddRedisClient("redis");
        using var host = builder.Build();
        var error = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IConnectionMultiplexer>());
        Assert.Contains("ConnectionStrings:redis", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_server_the_host_starts_the_connection_waits_and_the_check_fails()
    {
        var builder = Builder(("ConnectionStrings:redis", "127.0.0.1:1,connectTimeout=200,syncTimeout=200,asyncTimeout=200"));
        builder.AddRedisClient("redis");
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var connection = host.Services.GetRequiredService<IConnectionMultiplexer>();
        Assert.False(connection.IsConnected);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["StackExchange.Redis"].Status);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Later_sources_of_settings_win()
    {
        string[] keys = [$"{Section}:ConnectionString", $"{Section}:redis:ConnectionString", "ConnectionStrings:redis"];
        for (var last = 1; last <= keys.Length; last++)
        {
            var builder = Builder([.. keys.Take(last).Select((key, at) => (key, $"source-{at}:1"))]);
            Assert.Equal($"source-{last - 1}:1", EndPointSeen(builder));
        }

        var overridden = Builder([.. keys.Select(key => (key, "configured:1"))]);
        Assert.Equal("by-callback:1", EndPointSeen(overridden, "by-callback:1"));
    }

    [Fact]
    public async Task With_a_server_the_client_works_and_is_one_for_the_host()
    {
        await using var server = await RedisServer.StartAsync();
        var builder = Builder(("ConnectionStrings:redis", $"127.0.0.1:{server.Port}"), ($"{Section}:ConfigurationOptions:ClientName", "tested"));
        builder.AddRedisClient("redis");
        using var host = builder.Build();
        var connection = host.Services.GetRequiredService<IConnectionMultiplexer>();
        await connection.GetDatabase().StringSetAsync("key", "value");
        Assert.Equal("value", await connection.GetDatabase().StringGetAsync("key"));
        Assert.Equal("tested", connection.ClientName);
        Assert.Same(connection, host.Services.GetRequiredService<IConnectionMultiplexer>());
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Healthy, report.Entries["StackExchange.Redis"].Status);
    }

    // The callback stops the test before anything connects.
    private static string? EndPointSeen(HostApplicationBuilder builder, string? byCallback = null)
    {
        string? seen = null;
        builder.AddRedisClient(
            "redis",
            settings => settings.ConnectionString = byCallback ?? settings.ConnectionString,
            options =>
            {
                seen = ((DnsEndPoint)options.EndPoints.Single()) is { } endPoint ? $"{endPoint.Host}:{endPoint.Port}" : null;
                Assert.False(options.AbortOnConnectFail);
                throw new OperationCanceledException();
            });
        using var host = builder.Build();
        Assert.Throws<OperationCanceledException>(() => host.Services.GetRequiredService<IConnectionMultiplexer>());
        return seen;
    }

    private static HostApplicationBuilder Builder(params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddLogging();
        return builder;
    }

    private sealed class RedisServer(Process process, int port) : IAsyncDisposable
    {
        public int Port => port;

        public static async Task<RedisServer> StartAsync()
        {
            using var reserved = new TcpListener(IPAddress.Loopback, 0);
            reserved.Start();
            var port = ((IPEndPoint)reserved.LocalEndpoint).Port;
            reserved.Stop();
            var start = new ProcessStartInfo("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]) { RedirectStandardOutput = true };
            var process = Process.Start(start)!;
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
                {
                    return new RedisServer(process, port);
                }
            }

            throw new InvalidOperationException("redis-server did not start.");
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
