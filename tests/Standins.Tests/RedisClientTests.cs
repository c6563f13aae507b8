using System.Security.Cryptography;
using StackExchange.Redis;

namespace Shabou.Standins.Tests;

/// <summary>What StackExchange.Redis must do over the sockets it is given. Each test has a key of its own.</summary>
public abstract class RedisClientTests : IAsyncLifetime
{
    private ConnectionMultiplexer? _redis;

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected ConnectionMultiplexer Redis => _redis ?? throw new InvalidOperationException("Not connected yet.");

    private IDatabase Database => Redis.GetDatabase();

    protected abstract ConfigurationOptions Options { get; }

    public async ValueTask InitializeAsync() => _redis = await ConnectionMultiplexer.ConnectAsync(Options);

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_string_comes_back_as_it_was_set()
    {
        Assert.True(await Database.StringSetAsync("string", "pièce détachée قطعة"));
        Assert.Equal("pièce détachée قطعة", await Database.StringGetAsync("string"));
        Assert.True((await Database.StringGetAsync("string-absent")).IsNull);
        Assert.Equal(3, await Database.StringIncrementAsync("counter", 3));
    }

    [Fact]
    public async Task Hashes_sets_and_sorted_sets_are_read_as_arrays()
    {
        await Database.HashSetAsync("hash", [new("a", 1), new("b", "two")]);
        await Database.SortedSetAddAsync("sorted", [new("low", 1.5), new("high", 2.5)]);
        await Database.SetAddAsync("set", ["x", "y", "z"]);

        Assert.Equal([new("a", 1), new("b", "two")], await Database.HashGetAllAsync("hash"));
        Assert.Equal([new("low", 1.5), new("high", 2.5)], await Database.SortedSetRangeByRankWithScoresAsync("sorted"));
        Assert.Equal(3, (await Database.SetMembersAsync("set")).Length);
        Assert.Equal(["1", RedisValue.Null], await Database.HashGetAsync("hash", ["a", "absent"]));
    }

    [Fact]
    public async Task Pipelined_reads_are_answered_in_order()
    {
        await Task.WhenAll(Enumerable.Range(0, 20_000).Select(i => Database.StringSetAsync($"pipe:{i}", i)));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20_000).Select(i => Database.StringGetAsync($"pipe:{i}")));
        Assert.Equal(Enumerable.Range(0, 20_000), answers.Select(answer => (int)answer));
    }

    [Fact]
    public async Task Concurrent_callers_do_not_mix_their_answers()
    {
        await Parallel.ForAsync(0, 64, Cancelled, async (caller, _) =>
        {
            for (var i = 0; i < 200; i++)
            {
                await Database.HashSetAsync($"caller:{caller}", i, $"{caller}/{i}");
                Assert.Equal($"{caller}/{i}", await Database.HashGetAsync($"caller:{caller}", i));
            }
        });
    }

    [Fact]
    public async Task A_transaction_runs_whole_or_not_at_all()
    {
        await Database.StringSetAsync("guard", "open");
        var passes = Database.CreateTransaction();
        passes.AddCondition(Condition.StringEqual("guard", "open"));
        var first = passes.StringIncrementAsync("within");
        var second = passes.StringIncrementAsync("within");
        Assert.True(await passes.ExecuteAsync());
        Assert.Equal((1, 2), (await first, await second));

        var fails = Database.CreateTransaction();
        fails.AddCondition(Condition.StringEqual("guard", "shut"));
        var never = fails.StringIncrementAsync("within");
        Assert.False(await fails.ExecuteAsync());
        await Assert.ThrowsAsync<TaskCanceledException>(() => never);
        Assert.Equal(2, await Database.StringGetAsync("within"));
    }

    [Fact]
    public async Task A_script_is_loaded_once_and_then_called_by_its_hash()
    {
        const string Script = "return { redis.call('INCRBY', KEYS[1], ARGV[1]), 'text', { 1, 2 }, false }";
        var server = Redis.GetServers().Single();
        var hash = await server.ScriptLoadAsync(Script);
        var answer = (RedisResult[])(await Database.ScriptEvaluateAsync(hash, ["scripted"], [5]))!;
        Assert.Equal(5, (int)answer[0]);
        Assert.Equal("text", (string?)answer[1]);
        Assert.Equal([1, 2], (int[])answer[2]!);
        Assert.True(answer[3].IsNull);

        var unknown = new byte[20]; // as long as a SHA-1, and of no script
        var error = await Assert.ThrowsAsync<RedisServerException>(() => Database.ScriptEvaluateAsync(unknown, ["scripted"], []));
        Assert.StartsWith("NOSCRIPT", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_reaches_every_handler_of_its_channel()
    {
        var channel = RedisChannel.Literal("parts");
        var subscriber = Redis.GetSubscriber();
        TaskCompletionSource<RedisValue> first = new(), second = new();
        await subscriber.SubscribeAsync(channel, (_, message) => first.TrySetResult(message));
        await subscriber.SubscribeAsync(channel, (_, message) => second.TrySetResult(message));

        Assert.Equal(1, await subscriber.PublishAsync(channel, "brake pad"));

        Assert.Equal("brake pad", await first.Task.WaitAsync(Cancelled));
        Assert.Equal("brake pad", await second.Task.WaitAsync(Cancelled));
    }

    [Fact]
    public async Task A_queue_of_messages_keeps_their_order()
    {
        var queue = await Redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("ordered"));
        for (var i = 0; i < 500; i++)
            await Redis.GetSubscriber().PublishAsync(RedisChannel.Literal("ordered"), i);
        for (var i = 0; i < 500; i++)
            Assert.Equal(i, (await queue.ReadAsync(Cancelled)).Message);
    }

    [Fact]
    public async Task Five_megabytes_come_back_unchanged()
    {
        var value = RandomNumberGenerator.GetBytes(5 * 1024 * 1024);
        await Database.StringSetAsync("big", value);
        var answers = await Task.WhenAll(Database.StringGetAsync("big"), Database.StringGetAsync("big"));
        Assert.All(answers, answer => Assert.True(value.AsSpan().SequenceEqual((byte[])answer!)));
    }

    [Fact]
    public async Task A_reply_of_many_elements_is_read_whole()
    {
        RedisValue[] values = [.. Enumerable.Range(0, 50_000).Select(i => (RedisValue)i)];
        await Database.ListRightPushAsync("long-list", values);
        Assert.Equal(values, await Database.ListRangeAsync("long-list"));
        Assert.Equal("after", await Database.ExecuteAsync("ECHO", "after").ContinueWith(echo => (string?)echo.Result, Cancelled));
    }

    [Fact]
    public async Task Stream_entries_are_read_with_their_fields()
    {
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Database.StreamAddAsync("stream", [new("n", i), new("kind", "sale")])));
        var entries = await Database.StreamRangeAsync("stream");
        Assert.Equal(Enumerable.Range(0, 300), entries.Select(entry => (int)entry["n"]));
        Assert.All(entries, entry => Assert.Equal("sale", entry["kind"]));
        Assert.Equal(300, (await Database.StreamInfoAsync("stream")).Length);
    }

    [Fact]
    public async Task The_client_counts_what_it_has_done()
    {
        await Database.PingAsync();
        Assert.True(Redis.IsConnected);
        Assert.True(Redis.GetCounters().Interactive.OperationCount > 0);
        Assert.True(Redis.GetServers().Single().Version >= new Version(6, 0), "The server did not introduce itself.");
    }
}
