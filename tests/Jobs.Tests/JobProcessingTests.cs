using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Jobs;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

public sealed class JobProcessingTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_runs_and_keeps_its_progress_and_result()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), async (job, token) =>
        {
            await job.ReportAsync(new { Done = 1 }, token);
            return new { Sum = job.Payload.GetProperty("a").GetInt32() + 1 };
        });
        await host.StartAsync();
        var job = await host.UntilAsync(await host.EnqueueAsync(new { A = 41 }), JobState.Completed);
        Assert.Equal(("""{"sum": 42}""", """{"done": 1}""", 1), (job.Result, job.Progress, job.Attempt));
        Assert.True(job.CreatedAt <= job.StartedAt && job.StartedAt <= job.FinishedAt);
        // Finished jobs are in the history and nowhere else.
        Assert.False(await host.WithQueueAsync((_, context) => context.Jobs.AnyAsync(j => j.Id == job.Id, Cancellation)));
    }

    [Fact]
    public async Task A_job_of_a_transaction_that_rolls_back_does_not_exist()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing);
        var id = await host.WithQueueAsync((queue, context) => context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancellation);
            var job = queue.Enqueue(JobsHost.Work, JsonSerializer.SerializeToElement(0));
            await context.SaveChangesAsync(Cancellation);
            return job.Id;
        }));
        Assert.Null(await host.FindAsync(id));
    }

    [Fact]
    public async Task A_job_does_not_run_before_its_time()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing, ("Jobs:Poll", "00:00:00.05"));
        var later = await host.EnqueueAsync(runAt: DateTimeOffset.UtcNow.AddHours(1));
        var soon = await host.EnqueueAsync(runAt: DateTimeOffset.UtcNow.AddSeconds(1));
        await host.StartAsync();
        var job = await host.UntilAsync(soon, JobState.Completed);
        Assert.True(job.StartedAt >= job.RunAt);
        Assert.Equal(JobState.Available, (await host.FindAsync(later))!.State);
    }

    [Fact]
    public async Task A_new_job_is_heard_of_and_not_only_found_by_polling()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing, ("Jobs:Poll", "00:01:00"));
        await host.StartAsync();
        await host.UntilAsync(await host.EnqueueAsync(), JobState.Completed); // the first claim may have found it
        await host.UntilAsync(await host.EnqueueAsync(), JobState.Completed);
        await host.UntilAsync(await host.EnqueueAsync(), JobState.Completed);
    }

    [Fact]
    public async Task The_spans_of_a_job_join_the_trace_of_the_request_that_wanted_it()
    {
        var traces = new TaskCompletionSource<ActivityTraceId>();
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (_, _) =>
        {
            traces.TrySetResult(Activity.Current?.TraceId ?? default);
            return Task.FromResult<object?>(null);
        });
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name is "Shabou.Jobs" or "test", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        await host.StartAsync();
        using var request = source.StartActivity("request");
        await host.EnqueueAsync();
        Assert.Equal(request!.TraceId, await traces.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
    }

    [Fact]
    public async Task A_higher_priority_goes_first_and_a_lower_one_still_moves()
    {
        var order = new List<string>();
        Task<object?> Note(JobContext<JsonElement> job, CancellationToken _)
        {
            lock (order) order.Add(job.Payload.GetProperty("name").GetString()!);
            return Task.FromResult<object?>(null);
        }
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), Note, ("Jobs:Concurrency", "1"));
        for (var i = 0; i < 5; i++) await host.EnqueueAsync(new { name = "low" }, kind: JobsHost.Work with { Priority = JobPriority.P4 });
        Guid last = default;
        for (var i = 0; i < 40; i++) last = await host.EnqueueAsync(new { name = "high" }, kind: JobsHost.Work with { Priority = JobPriority.P1 });
        await host.StartAsync();
        await host.UntilAsync(last, JobState.Completed);
        await Until.TrueAsync(() => Task.FromResult(order.Count == 45), 30, () => "45 jobs done");
        Assert.Equal("high", order[0]);
        Assert.Equal(4, order.Take(40).Count(name => name == "low")); // one job in ten is the oldest, whatever its priority
    }

    [Fact]
    public async Task A_waiting_job_is_cancelled_at_once_and_a_running_one_when_it_heeds_its_token()
    {
        var started = new TaskCompletionSource();
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), async (_, token) =>
        {
            started.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
            return null;
        }, ("Jobs:Concurrency", "1"));
        await host.StartAsync();
        var running = await host.EnqueueAsync();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        var waiting = await host.EnqueueAsync();
        await using var api = new JobsApi(host);
        Assert.Equal("cancelled", (await api.PostAsync($"/api/v1/jobs/{waiting}/cancel")).GetProperty("state").GetString());
        Assert.True((await api.PostAsync($"/api/v1/jobs/{running}/cancel")).GetProperty("cancelRequested").GetBoolean());
        await host.UntilAsync(running, JobState.Cancelled, seconds: 5); // well before the next heartbeat
    }
}
