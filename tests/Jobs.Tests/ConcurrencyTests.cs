using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Jobs;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

public sealed class ConcurrencyTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0")]
    [InlineData("50")]
    public async Task Workers_never_share_a_job(string prefetch)
    {
        var database = await servers.CreateDatabaseAsync();
        var runs = new ConcurrentBag<Guid>();
        Task<object?> Note(JobContext<JsonElement> job, CancellationToken _) { runs.Add(job.Id); return Task.FromResult<object?>(null); }
        await using var first = new JobsHost(database, Note, ("Jobs:Concurrency", "4"), ("Jobs:Prefetch", prefetch));
        await using var second = new JobsHost(database, Note, ("Jobs:Concurrency", "4"), ("Jobs:Prefetch", prefetch));
        await first.WithQueueAsync(async (queue, _) => { await queue.EnqueueManyAsync(JobsHost.Work, Enumerable.Range(0, 500).Select(i => JsonSerializer.SerializeToElement(i)), Cancellation); return 0; });
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        await Until.TrueAsync(() => first.WithQueueAsync(async (_, context) => await context.FinishedJobs.CountAsync(j => j.Queue == "test", Cancellation) == 500), 60, () => "500 jobs in the history");
        Assert.Equal((500, 500), (runs.Count, runs.Distinct().Count()));
    }

    [Fact]
    public async Task A_queue_runs_as_many_jobs_at_once_as_it_may_and_no_more()
    {
        var (now, most, gate) = (0, 0, new TaskCompletionSource());
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), async (_, _) =>
        {
            var at = Interlocked.Increment(ref now);
            if (at == 3) gate.TrySetResult();
            InterlockedMax(ref most, at);
            await gate.Task; // until as many run as may
            Interlocked.Decrement(ref now);
            return null;
        }, ("Jobs:QueueConcurrency:test", "3"));
        await host.StartAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 12; i++) ids.Add(await host.EnqueueAsync());
        foreach (var id in ids) await host.UntilAsync(id, JobState.Completed);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task Workers_go_on_when_the_database_comes_back_and_what_they_did_meanwhile_is_kept()
    {
        var database = await servers.CreateDatabaseAsync();
        var server = new Npgsql.NpgsqlConnectionStringBuilder(database);
        await using var wire = new Wire(server.Host!, server.Port);
        (server.Host, server.Port) = ("127.0.0.1", wire.Port);
        var (started, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var host = new JobsHost(server.ConnectionString, async (_, _) =>
        {
            started.TrySetResult();
            await goOn.Task;
            return "done";
        }, ("Jobs:Concurrency", "1"));
        await host.StartAsync();
        var (first, second) = (await host.EnqueueAsync(), await host.EnqueueAsync());
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        wire.Cut();
        goOn.SetResult();
        await Assert.ThrowsAnyAsync<Exception>(() => host.EnqueueAsync()); // an endpoint would answer 503
        wire.Mend();
        await host.UntilAsync(first, JobState.Completed, seconds: 15);
        await host.UntilAsync(second, JobState.Completed, seconds: 15);
        Assert.Equal(1, (await host.FindAsync(first))!.Attempt);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen) { }
    }
}
