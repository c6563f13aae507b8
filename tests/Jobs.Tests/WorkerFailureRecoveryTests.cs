using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.JobsWorker;
using Shabou.Schema.Jobs;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

public sealed class WorkerFailureRecoveryTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rescued_job_cannot_be_finished_renewed_or_reported_by_its_old_worker()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing);
        var id = await host.EnqueueAsync();
        var old = Assert.Single(await host.Store.ClaimAsync("test", 1, 0, Cancellation));
        Assert.Empty(await host.Store.ClaimAsync("test", 1, 0, Cancellation)); // held

        await host.LapseAsync(id);
        Assert.Equal(1, await host.Rescuer.PassAsync(Cancellation));
        var rescued = Assert.Single(await host.Store.ClaimAsync("test", 1, 0, Cancellation));
        Assert.Equal((id, 2), (rescued.Id, rescued.Attempt));
        Assert.False(await host.Store.ReportAsync(old, "{}", Cancellation));
        Assert.False(await host.Store.ReleaseAsync(old, new(JobEndKind.Retry, Error: "late"), Cancellation));
        Assert.Empty(await host.Store.FinishAsync([(old, new(JobEndKind.Completed, "\"late\""))], Cancellation));
        Assert.Empty(await host.Store.BeatAsync([old], ["test"], "test", [], Cancellation));
        Assert.Single(await host.Store.FinishAsync([(rescued, new(JobEndKind.Completed, "\"in time\""))], Cancellation));
        Assert.Equal("\"in time\"", (await host.FindAsync(id))!.Result);
    }

    [Fact]
    public async Task A_rescued_job_starts_before_those_enqueued_with_it()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing);
        await host.WithQueueAsync(async (queue, _) => { await queue.EnqueueManyAsync(JobsHost.Work, Enumerable.Repeat(JsonSerializer.SerializeToElement(new { }), 20), Cancellation); return 0; });
        var lost = Assert.Single(await host.Store.ClaimAsync("test", 1, 0, Cancellation));
        await host.LapseAsync(lost.Id);
        await host.Rescuer.PassAsync(Cancellation);
        Assert.Equal(lost.Id, Assert.Single(await host.Store.ClaimAsync("test", 1, 0, Cancellation)).Id);
    }

    [Fact]
    public async Task A_worker_that_vanishes_in_the_last_attempt_leaves_a_dead_letter_and_an_alert()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing);
        var id = await host.EnqueueAsync(kind: JobsHost.Work with { MaxAttempts = 1 });
        await host.Store.ClaimAsync("test", 1, 0, Cancellation);
        await host.LapseAsync(id);
        await host.Rescuer.PassAsync(Cancellation);
        Assert.Contains("vanished", (await host.UntilAsync(id, JobState.Dead)).Error, StringComparison.Ordinal);
        Assert.Equal(id.ToString(), await host.WithQueueAsync((_, context) => context.Alerts.Where(a => a.Kind == "job-dead").Select(a => a.Subject).SingleAsync(Cancellation)));
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
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await stopping.StopAsync();

        var waiting = await stopping.FindAsync(id);
        Assert.Equal((JobState.Available, 0), (waiting!.State, waiting.Attempt));
        await using var next = new JobsHost(database, (_, _) => Task.FromResult<object?>("done"));
        await next.StartAsync();
        await next.UntilAsync(id, JobState.Completed);
    }

    [Fact]
    public async Task A_worker_that_loses_its_lease_is_told_to_stop()
    {
        var stopped = new TaskCompletionSource();
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), async (job, token) =>
        {
            if (job.Attempt > 1) return null;
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => stopped.SetResult(), Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
            throw new OperationCanceledException(token);
        }, ("Jobs:Heartbeat", "00:00:00.2"), ("Jobs:RescueInterval", "00:00:00.2"));
        await host.StartAsync();
        var id = await host.EnqueueAsync();
        await host.UntilAsync(id, JobState.Running);
        await host.WithQueueAsync((_, context) => context.Database.ExecuteSqlAsync($"UPDATE jobs.jobs SET state = 'Available', lease_token = NULL, lease_until = NULL WHERE id = {id}", Cancellation));
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(2, (await host.UntilAsync(id, JobState.Completed)).Attempt);
    }

    [Fact]
    public async Task A_worker_that_freezes_while_it_looks_after_the_queues_keeps_nobody_else_from_it()
    {
        var database = await EffectTables.CreateAsync(servers);
        await using var host = new JobsHost(database, JobsHost.Nothing);
        await using var holder = TestServers.ContextOn(database);
        await using var barrier = await holder.Database.BeginTransactionAsync(Cancellation);
        await holder.Database.ExecuteSqlRawAsync("LOCK TABLE ops.alert_rule_states IN ACCESS EXCLUSIVE MODE", Cancellation);
        await using var frozen = WorkerProcess.Start(database, ("Jobs:Lease", "00:00:02"), ("Jobs:Heartbeat", "00:00:00.7"), ("Jobs:RescueInterval", "00:00:00.2"));
        await Until.TrueAsync(() => EffectTables.IsWaitedForAsync(database, "ops.alert_rule_states"), 60, () => "a look after the queues under way");
        await frozen.SignalAsync("STOP");
        await barrier.RollbackAsync(Cancellation); // the answer comes, and nobody reads it

        var id = await host.EnqueueAsync();
        Assert.Single(await host.Store.ClaimAsync("test", 1, 0, Cancellation));
        await host.LapseAsync(id);
        await Until.TrueAsync(async () => await host.Rescuer.PassAsync(Cancellation) == 1, 60, () => "the job rescued");
        Assert.False(frozen.HasExited);
    }

    [Fact]
    public Task Killed_workers_lose_no_job_and_no_effect_happens_twice() =>
        KillAsync(jobs: 60, workers: 3, kills: 3, lease: TimeSpan.FromSeconds(3), rescue: TimeSpan.FromSeconds(1), milliseconds: 150);

    /// <summary>T01 of the register.</summary>
    [Fact, Trait("Category", "Faults")]
    public async Task Twenty_kills_among_five_hundred_jobs_lose_none()
    {
        var longest = await KillAsync(jobs: 500, workers: 10, kills: 20, lease: TimeSpan.FromSeconds(30), rescue: TimeSpan.FromSeconds(5), milliseconds: 3_000);
        // One lease and one pass of the rescuer; then a worker must have finished what it is at.
        Assert.True(longest <= TimeSpan.FromSeconds(35 + 4), $"A job of a killed worker was leased again only after {longest}.");
    }

    /// <returns>The longest time from a kill to the next start of a job that it hit.</returns>
    private async Task<TimeSpan> KillAsync(int jobs, int workers, int kills, TimeSpan lease, TimeSpan rescue, int milliseconds)
    {
        var database = await EffectTables.CreateAsync(servers);
        (string, string)[] settings = [("Jobs:Lease", $"{lease:c}"), ("Jobs:Heartbeat", $"{lease / 3:c}"), ("Jobs:RescueInterval", $"{rescue:c}"), ("Jobs:Concurrency", "1")];
        await using var host = new JobsHost(database, JobsHost.Nothing);
        await host.WithQueueAsync(async (queue, _) => { await queue.EnqueueManyAsync(WorkerKinds.Effect, Enumerable.Repeat(new EffectOrder(milliseconds), jobs), Cancellation); return 0; });
        var running = Enumerable.Range(0, workers).Select(_ => WorkerProcess.Start(database, settings)).ToList();
        var killed = new Dictionary<int, DateTimeOffset>();
        try
        {
            var random = new Random(4);
            for (var kill = 0; kill < kills; kill++)
            {
                var before = await EffectTables.CountAsync(database, "starts");
                await Until.TrueAsync(async () => await EffectTables.CountAsync(database, "starts") >= before + 5, 120, () => $"five more jobs started, kill {kill}");
                // One that is at work: its last start has no effect yet.
                var busy = await BusyAsync(database, running.Select(w => w.Id).ToArray());
                var victim = running.Find(w => busy.Contains(w.Id)) ?? running[random.Next(running.Count)];
                await victim.KillAsync();
                killed[victim.Id] = DateTimeOffset.UtcNow;
                running.Remove(victim);
                running.Add(WorkerProcess.Start(database, settings));
            }
            await Until.TrueAsync(async () => await EffectTables.CountAsync(database, "unfinished") == 0, 300, () => "every job ended");
        }
        finally
        {
            foreach (var worker in running) await worker.DisposeAsync();
        }
        Assert.Equal(0, await EffectTables.CountAsync(database, "dead"));
        Assert.Equal((jobs, jobs, jobs), (await EffectTables.CountAsync(database, "completed"), await EffectTables.CountAsync(database, "effects"), await EffectTables.CountAsync(database, "jobs with an effect")));
        var waits = await ReleaseWaitsAsync(database, killed);
        Assert.True(waits.Count > 0, "No worker was killed at work.");
        TestContext.Current.SendDiagnosticMessage($"{killed.Count} kills, {waits.Count} jobs hit, longest until started again {waits.Max().TotalSeconds:F1} s");
        return waits.Max();
    }

    private static async Task<List<int>> BusyAsync(string database, int[] pids)
    {
        await using var context = TestServers.ContextOn(database);
        return await context.Database.SqlQuery<int>($"""
            SELECT s.pid AS "Value" FROM public.starts s JOIN jobs.jobs j ON j.id = s.job_id AND j.attempt = s.attempt
            WHERE j.state = 'Running' AND s.pid = ANY ({pids}) ORDER BY s.at DESC
            """).ToListAsync(Cancellation);
    }

    /// <summary>From the kill of a worker to the next start of the job that it held.</summary>
    private static async Task<List<TimeSpan>> ReleaseWaitsAsync(string database, Dictionary<int, DateTimeOffset> killed)
    {
        await using var context = TestServers.ContextOn(database);
        var restarts = await context.Database.SqlQuery<Restart>($"""
            SELECT a.pid AS "Pid", b.at AS "At" FROM public.starts a JOIN public.starts b ON b.job_id = a.job_id AND b.attempt = a.attempt + 1
            """).ToListAsync(Cancellation);
        return [.. restarts.Where(r => killed.ContainsKey(r.Pid)).Select(r => r.At - killed[r.Pid])];
    }

    private sealed record Restart(int Pid, DateTimeOffset At);

    [Fact]
    public Task A_worker_that_wakes_up_after_its_job_was_rescued_writes_nothing() =>
        SleepAsync(TimeSpan.Zero, ("Jobs:Lease", "00:00:02"), ("Jobs:Heartbeat", "00:00:00.7"), ("Jobs:RescueInterval", "00:00:00.5"));

    /// <summary>T02 of the register: the settings are those of a service.</summary>
    [Fact, Trait("Category", "Faults")]
    public Task A_worker_that_sleeps_for_45_seconds_writes_nothing() => SleepAsync(TimeSpan.FromSeconds(45));

    /// <summary>A worker sleeps past its lease, and at least so long; then it wakes up and writes.</summary>
    private async Task SleepAsync(TimeSpan atLeast, params (string, string)[] settings)
    {
        var database = await EffectTables.CreateAsync(servers);
        await using var host = new JobsHost(database, JobsHost.Nothing);
        await using var sleeper = WorkerProcess.Start(database, settings);
        var id = await host.WithQueueAsync(async (queue, context) =>
        {
            var job = queue.Enqueue(WorkerKinds.Effect, new EffectOrder(1_000));
            await context.SaveChangesAsync(Cancellation);
            return job.Id;
        });
        await Until.TrueAsync(async () => await EffectTables.CountAsync(database, "starts") == 1, 60, () => "the job started");
        await sleeper.SignalAsync("STOP");
        var asleep = Stopwatch.StartNew();
        await using var other = WorkerProcess.Start(database, settings);
        await host.UntilAsync(id, JobState.Completed, seconds: 60);
        await Until.TrueAsync(() => Task.FromResult(asleep.Elapsed >= atLeast), 60, () => "the sleep is over");
        await sleeper.SignalAsync("CONT");
        await Until.TrueAsync(async () => await EffectTables.CountAsync(database, "refusals") + await EffectTables.CountAsync(database, "starts") >= 2, 30, () => "the sleeper awake");
        await sleeper.SignalAsync("TERM");
        Assert.True(await sleeper.ExitsAsync(30), "The worker does not end.");
        Assert.Equal(1, await EffectTables.CountAsync(database, "effects"));
        var job = (await host.FindAsync(id))!;
        Assert.Equal((JobState.Completed, 2), (job.State, job.Attempt));
        Assert.Equal(other.Id, JsonDocument.Parse(job.Result!).RootElement.GetProperty("processId").GetInt32());
    }
}
