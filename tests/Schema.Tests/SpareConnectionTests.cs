using Microsoft.Extensions.Configuration;
using Npgsql;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

public sealed class SpareConnectionTests(TestServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_needs_it_while_it_is_in_use_waits_and_it_is_closed_afterwards()
    {
        var name = $"spare {Guid.NewGuid():N}";
        var database = new NpgsqlConnectionStringBuilder(await servers.CreateDatabaseAsync()) { ApplicationName = name };
        using var spare = new SpareConnection(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:shabou", database.ConnectionString)]).Build());
        var (open, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = spare.UseAsync(async _ =>
        {
            open.SetResult();
            await release.Task;
            return 1;
        }, Cancelled);
        await open.Task.WaitAsync(Cancelled);
        var second = spare.UseAsync(_ => Task.FromResult(2), Cancelled);
        Assert.False(second.IsCompleted);
        Assert.Equal(1, await CountAsync(database, name));
        using var impatient = new CancellationTokenSource(TimeSpan.Zero);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => spare.UseAsync(_ => Task.FromResult(3), impatient.Token));

        release.SetResult();
        Assert.Equal((1, 2), (await first, await second));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (await CountAsync(database, name) > 0) await timer.WaitForNextTickAsync(limit.Token);
    }

    private static async Task<int> CountAsync(NpgsqlConnectionStringBuilder database, string name)
    {
        await using var other = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { ApplicationName = "counting", Pooling = false }.ConnectionString);
        await other.OpenAsync(Cancelled);
        await using var count = new NpgsqlCommand("SELECT count(*)::int FROM pg_stat_activity WHERE application_name = $1", other) { Parameters = { new() { Value = name } } };
        return (int)(await count.ExecuteScalarAsync(Cancelled))!;
    }
}
