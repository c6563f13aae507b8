using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Jobs;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

public sealed class JobTests(TestServers servers)
{
    private static readonly string[] Kinds = [JobsHost.Kind];

    [Fact]
    public async Task A_job_runs_and_keeps_its_result()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), async (job, token) =>
        {
            await job.ReportAsync(new { Done = 1 }, token);
            return new { Sum = job.Payload.GetProperty("a").GetInt32() + 1 };
        });
        await host.StartAsync();
        var job = await host.UntilAsync(await host.EnqueueAsync(new { A = 41 }), JobState.Completed);
        Assert.Equal("""{"sum": 42}""", job.Result);
        Assert.Equal("""{"done": 1}""", job.Progress);
        Assert.Null(job.LeaseToken);
    }

    [Fact]
    public async Task A_job_of_a_transaction_that_rolls_back_does_not_exist()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (_, _) => Task.FromResult<object?>(null));
        Assert.Null(await host.FindAsync(await host.EnqueueAsync(commit: false)));
    }

    [Fact]
    public async Task The_same_idempotency_key_makes_one_job()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (_, _) => Task.FromResult<object?>(null));
        await host.EnqueueAsync(idempotencyKey: "once");
        await Assert.ThrowsAsync<DbUpdateException>(() => host.EnqueueAsync(idempotencyKey: "once"));
    }

    [Fact]
    public async Task Workers_never_share_a_job()
    {
        var database = await servers.CreateDatabaseAsync();
        var runs = new ConcurrentBag<Guid>();
        Task<object?> Work(JobContext job, CancellationToken _) { runs.Add(job.Id); return Task.FromResult<object?>(null); }
        await using var first = new JobsHost(database, Work, ("Jobs:Concurrency", "4"));
        await using var second = new JobsHost(database, Work, ("Jobs:Concurrency", "4"));
        var ids = new List<Guid>();
        for (var i = 0; i < 60; i++) ids.Add(await first.EnqueueAsync());
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        foreach (var id in ids) await first.UntilAsync(id, JobState.Completed);
        Assert.Equal(ids.Order(), runs.Order());
    }

    [Fact]
    public async Task A_rescued_job_cannot_be_finished_by_its_old_worker()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (_, _) => Task.FromResult<object?>(null));
        var id = await host.EnqueueAsync();
        var cancellation = TestContext.Current.CancellationToken;
        var old = await host.Leases.ClaimAsync(Kinds, cancellation);
        Assert.Null(await host.Leases.ClaimAsync(Kinds, cancellation)); // held

        await host.LapseAsync(id);
        var rescued = await host.Leases.ClaimAsync(Kinds, cancellation);
        Assert.Equal(id, rescued!.Id);
        Assert.Equal(2, rescued.Attempt);
        Assert.False(await host.Leases.RenewAsync(old!, null, cancellation));
        Assert.False(await host.Leases.CompleteAsync(old!, "late", cancellation));
        Assert.True(await host.Leases.CompleteAsync(rescued, "in time", cancellation));
        Assert.Equal("\"in time\"", (await host.FindAsync(id))!.Result);
    }

    [Fact]
    public async Task A_worker_that_vanishes_in_the_last_attempt_leaves_a_dead_job()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (_, _) => Task.FromResult<object?>(null), ("Jobs:MaxAttempts", "1"));
        var id = await host.EnqueueAsync();
        await host.Leases.ClaimAsync(Kinds, TestContext.Current.CancellationToken);
        await host.LapseAsync(id);
        await host.StartAsync();
        Assert.Contains("vanished", (await host.UntilAsync(id, JobState.Dead)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_job_is_tried_again_until_it_succeeds()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(),
            (job, _) => job.Attempt < 2 ? throw new TimeoutException("not yet") : Task.FromResult<object?>("done"));
        await host.StartAsync();
        var job = await host.UntilAsync(await host.EnqueueAsync(), JobState.Completed);
        Assert.Equal(2, job.Attempt);
        Assert.Null(job.Error);
    }

    [Fact]
    public async Task A_job_whose_attempts_are_spent_is_dead_and_tells_no_details()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(),
            (_, _) => throw new InvalidOperationException("secret detail"), ("Jobs:MaxAttempts", "1"));
        await host.StartAsync();
        var job = await host.UntilAsync(await host.EnqueueAsync(), JobState.Dead);
        Assert.DoesNotContain("secret", job.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_can_never_succeed_is_dead_at_once()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (_, _) => throw new JobFailedException("The campaign is gone."));
        await host.StartAsync();
        var job = await host.UntilAsync(await host.EnqueueAsync(), JobState.Dead);
        Assert.Equal(1, job.Attempt);
        Assert.Equal("The campaign is gone.", job.Error);
    }

    [Fact]
    public async Task A_job_that_runs_too_long_is_stopped()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return null;
        }, ("Jobs:Timeout", "00:00:01"), ("Jobs:MaxAttempts", "1"));
        await host.StartAsync();
        Assert.Contains("longer than", (await host.UntilAsync(await host.EnqueueAsync(), JobState.Dead)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopping_worker_gives_its_job_back_and_another_finishes_it()
    {
        var database = await servers.CreateDatabaseAsync();
        var started = new TaskCompletionSource();
        await using var stopping = new JobsHost(database, async (_, token) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return null;
        });
        await stopping.StartAsync();
        var id = await stopping.EnqueueAsync();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await stopping.StopAsync();

        var waiting = await stopping.FindAsync(id);
        Assert.Equal((JobState.Available, 0), (waiting!.State, waiting.Attempt));
        await using var next = new JobsHost(database, (_, _) => Task.FromResult<object?>("done"));
        await next.StartAsync();
        await next.UntilAsync(id, JobState.Completed);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 8)]
    [InlineData(30, 900)]
    public void Retries_wait_up_to_a_doubling_limit(int attempt, double limitSeconds)
    {
        Assert.Equal(TimeSpan.Zero, JobRetry.Delay(attempt, 0));
        Assert.Equal(limitSeconds / 2, JobRetry.Delay(attempt, 0.5).TotalSeconds, 3);
        Assert.True(JobRetry.Delay(attempt, 0.999999).TotalSeconds < limitSeconds);
    }
}
