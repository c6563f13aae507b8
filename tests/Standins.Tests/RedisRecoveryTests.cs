using StackExchange.Redis;

namespace Shabou.Standins.Tests;

public sealed class RedisRecoveryTests(RedisServer server) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task A_client_outlives_its_server()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var options = new ConfigurationOptions
        {
            EndPoints = { { "127.0.0.1", server.Port } },
            AbortOnConnectFail = false,
            BacklogPolicy = BacklogPolicy.FailFast,
            ReconnectRetryPolicy = new LinearRetry(50),
            HeartbeatInterval = TimeSpan.FromMilliseconds(100),
            AsyncTimeout = 2_000,
        };
        await using var redis = await ConnectionMultiplexer.ConnectAsync(options);
        TaskCompletionSource failed = new(), restored = new();
        redis.ConnectionFailed += (_, failure) => _ = failure.ConnectionType == ConnectionType.Interactive && failed.TrySetResult();
        redis.ConnectionRestored += (_, restoration) => _ = restoration.ConnectionType == ConnectionType.Interactive && restored.TrySetResult();
        var database = redis.GetDatabase();
        await database.StringSetAsync("before", 1);

        var underWay = Enumerable.Range(0, 500).Select(_ => database.StringGetAsync("before")).ToList();
        await server.KillAsync(cancellationToken);
        await failed.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        await Assert.ThrowsAsync<RedisConnectionException>(() => database.StringGetAsync("before"));
        foreach (var read in underWay) // answered or failed, but never left hanging
            await Task.WhenAny(read).WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);

        await server.StartAsync(cancellationToken);
        await restored.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        Assert.True(await database.StringSetAsync("after", 2));
        Assert.Equal(2, await database.StringGetAsync("after"));
        Assert.True((await database.StringGetAsync("before")).IsNull, "The server came back empty, so the old connection cannot have answered.");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_clear_failure()
    {
        var nobody = new ConfigurationOptions { EndPoints = { { "127.0.0.1", 1 } }, ConnectRetry = 1, ConnectTimeout = 2_000 };
        var error = await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(nobody));
        Assert.Equal(ConnectionFailureType.UnableToConnect, error.FailureType);
    }
}
