using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Shabou.JobsWorker;
using Shabou.Schema;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

/// <summary>R45 of the register, its four numbers at the same time: a hundred jobs at work, more than 500 waiting, a thousand requests a minute, ten
/// workers. Not beside other tests: those and this would take each other's processors.</summary>
[Collection(nameof(LoadTests)), CollectionDefinition(nameof(LoadTests), DisableParallelization = true)]
public sealed class LoadTests(TestServers servers)
{
    private const int AtOnce = 100;
    private const int Depth = 500;
    private const int PerMinute = 1_000;

    /// <summary>Of <see cref="AtOnce"/>: between the end of one job and the start of the next a worker asks the database twice.</summary>
    private const int AtWork = 95;

    /// <summary>What the queue is filled up to whenever it is looked at, twice a second.</summary>
    private const int Waiting = 650;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Four_workers_run_a_hundred_jobs_at_once_of_a_deep_queue_and_every_request_is_answered() =>
        LoadAsync(workers: 4, shortest: 1_000, TimeSpan.FromSeconds(8), full: 0);

    /// <summary>R45 of the register.</summary>
    [Fact, Trait("Category", "Faults")]
    public Task Ten_workers_run_a_hundred_jobs_at_once_of_a_deep_queue_for_five_minutes_and_every_request_is_answered() =>
        LoadAsync(workers: 10, shortest: 2_000, TimeSpan.FromMinutes(5), full: 0.9);

    /// <param name="workers">Processes that share the hundred.</param>
    /// <param name="shortest">Milliseconds of the shortest job; the longest takes twice as long.</param>
    /// <param name="window">How long it is measured.</param>
    /// <param name="full">The share of looks in which <see cref="AtWork"/> jobs must be at work. That is the machine's speed too, so the short test asks for it once only.</param>
    private async Task LoadAsync(int workers, int shortest, TimeSpan window, double full)
    {
        var database = await EffectTables.CreateAsync(servers);
        EffectOrder Order() => new(Random.Shared.Next(shortest, 2 * shortest)); // of different length, so that they do not all end at once
        await using var api = new JobsApi(database, overTcp: true, MapOrders);
        using var client = api.Signed("ADMIN");
        client.Timeout = TimeSpan.FromSeconds(10);
        var requests = new RequestLoad(client, "/orders", Order);
        await using var host = new JobsHost(database, JobsHost.Nothing);
        var fed = 0;
        async Task<Sample> LookAsync()
        {
            var sample = await SampleAsync(database);
            var missing = Waiting - sample.Waiting;
            if (missing <= 0) return sample;
            await host.WithQueueAsync(async (queue, _) => { await queue.EnqueueManyAsync(WorkerKinds.Effect, Enumerable.Range(0, missing).Select(_ => Order()), Cancellation); return 0; });
            fed += missing;
            return sample;
        }

        var running = Enumerable.Range(0, workers).Select(_ => WorkerProcess.Start(database, ("Jobs:Concurrency", $"{AtOnce / workers}"))).ToList();
        List<Sample> samples;
        try
        {
            // Before there is work, else it is rightly said that nobody does it.
            await Until.TrueAsync(async () => await WorkersAsync(database) == workers, 120, () => $"{workers} workers up");
            await requests.WarmUpAsync(Cancellation);
            await Until.TrueAsync(async () => await LookAsync() is { AtWork: >= AtWork, Waiting: > Depth }, 60, () => $"{AtWork} jobs at work");
            // A little more is sent than must be answered: those of the last moment are answered after it.
            var load = requests.RunAsync(PerMinute + PerMinute / 12, window, Cancellation);
            samples = await WatchAsync(LookAsync, window);
            await load;
            await Until.TrueAsync(async () => await EffectTables.CountAsync(database, "unfinished") == 0, 120, () => "every job ended");
            Assert.All(running, worker => Assert.False(worker.HasExited, "A worker has ended."));
        }
        finally
        {
            foreach (var worker in running) await worker.DisposeAsync();
        }
        Judge(workers, window, requests, samples, full);
        await AllDoneOnceAsync(database, fed + requests.Ordered);
    }

    private static void Judge(int workers, TimeSpan window, RequestLoad requests, List<Sample> samples, double share)
    {
        var span = window < TimeSpan.FromMinutes(1) ? window : TimeSpan.FromMinutes(1);
        var answered = requests.AnsweredIn(span, window).ToList();
        var full = samples.Count(s => s.AtWork >= AtWork);
        TestContext.Current.SendDiagnosticMessage(
            $"{workers} workers, {window.TotalSeconds:N0} s: {answered.Sum() / window.TotalMinutes:N0} requests/min answered, {answered.Min()} at least in {span.TotalSeconds:N0} s, {requests.Errors.Count} failed, "
            + $"p50 {requests.Percentile(0.5).TotalMilliseconds:N0} ms, p95 {requests.Percentile(0.95).TotalMilliseconds:N0} ms, longest {requests.Percentile(1).TotalMilliseconds:N0} ms; "
            + $"{(samples[^1].Done - samples[0].Done) / window.TotalMinutes:N0} jobs/min; in {samples.Count} samples at least {samples.Min(s => s.Waiting)} waiting, "
            + $"at least {samples.Min(s => s.AtWork)} at work, {samples.Average(s => s.AtWork):N1} on average, {AtWork} or more in {full}");
        Assert.True(requests.Errors.Count == 0, $"{requests.Errors.Count} requests failed:\n{string.Join('\n', requests.Errors.Take(5))}");
        Assert.All(answered, count => Assert.True(count >= PerMinute * span.TotalMinutes, $"Only {count} requests were answered in {span}."));
        Assert.All(samples, sample => Assert.True(sample.Waiting > Depth, $"Only {sample.Waiting} jobs were waiting."));
        Assert.True(full >= share * samples.Count, $"{AtWork} jobs were at work in {full} of {samples.Count} samples only.");
    }

    /// <summary>As a service lets its clients order work.</summary>
    internal static void MapOrders(IEndpointRouteBuilder routes) => routes.MapPost("/orders", async (EffectOrder order, JobQueue queue, ShabouContext context, CancellationToken cancellationToken) =>
    {
        var job = queue.Enqueue(WorkerKinds.Effect, order);
        await context.SaveChangesAsync(cancellationToken);
        return TypedResults.Accepted(JobEndpoints.LocationOf(job.Id));
    });

    private static async Task<List<Sample>> WatchAsync(Func<Task<Sample>> look, TimeSpan window)
    {
        var (started, samples) = (TimeProvider.System.GetTimestamp(), new List<Sample>());
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        do samples.Add(await look());
        while (TimeProvider.System.GetElapsedTime(started) < window && await tick.WaitForNextTickAsync(Cancellation));
        return samples;
    }

    private static async Task<Sample> SampleAsync(string database)
    {
        await using var context = TestServers.ContextOn(database);
        return await context.Database.SqlQuery<Sample>($"""
            SELECT (SELECT count(*)::int FROM jobs.jobs WHERE queue = 'test' AND state = 'Available' AND run_at <= now()) AS "Waiting",
                   (SELECT count(*)::int FROM public.starts) AS "Started", (SELECT count(*)::int FROM public.effects) AS "Done"
            """).SingleAsync(Cancellation);
    }

    private static async Task<int> WorkersAsync(string database)
    {
        await using var context = TestServers.ContextOn(database);
        return await context.JobWorkers.CountAsync(w => w.Queue == WorkerKinds.Effect.Queue, Cancellation);
    }

    /// <summary>Each was started once, had its effect once and is completed: none was lost, tried again, rescued or dead.</summary>
    private static async Task AllDoneOnceAsync(string database, int jobs)
    {
        Assert.Equal(0, await EffectTables.CountAsync(database, "dead"));
        foreach (var what in new[] { "completed", "starts", "effects", "jobs with an effect" }) Assert.Equal((what, jobs), (what, await EffectTables.CountAsync(database, what)));
        Assert.Equal(0, await EffectTables.CountAsync(database, "refusals"));
        await using var context = TestServers.ContextOn(database);
        Assert.Empty(await context.Alerts.Where(a => a.Kind != "queue-depth").Select(a => a.Summary).ToListAsync(Cancellation)); // no errors, and no worker missing
    }

    /// <param name="Waiting">Jobs that are due.</param>
    /// <param name="Started">Jobs whose handler has started, since the beginning.</param>
    /// <param name="Done">Jobs that have had their effect, since the beginning.</param>
    private sealed record Sample(int Waiting, int Started, int Done)
    {
        public int AtWork => Started - Done;
    }
}
