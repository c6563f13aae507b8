using System.Net;
using Microsoft.EntityFrameworkCore;
using Shabou.JobsWorker;
using Shabou.Standby.Tests;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

/// <summary>T04 of the register, with the queue: the primary is killed while clients order work and workers do it.</summary>
[Collection(nameof(FailoverTests)), CollectionDefinition(nameof(FailoverTests), DisableParallelization = true)]
public sealed class FailoverTests
{
    /// <summary>A fifth of them orders work: five jobs a second.</summary>
    private const int PerMinute = 1_500;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Category", "Faults")]
    public async Task No_order_that_was_accepted_is_lost_or_done_twice_when_the_primary_is_killed_and_the_standby_promoted()
    {
        await using var pair = await TestPair.StartAsync();
        await CreateTablesAsync(pair);
        await using var api = new JobsApi(pair.Services, overTcp: true, LoadTests.MapOrders);
        using var client = api.Signed("ADMIN");
        client.Timeout = TimeSpan.FromSeconds(20);
        var requests = new RequestLoad(client, "/orders", () => new(Random.Shared.Next(50, 200)));
        var workers = Enumerable.Range(0, 3).Select(_ => WorkerProcess.Start(pair.Services, ("Jobs:Concurrency", "4"))).ToList();
        try
        {
            await requests.WarmUpAsync(Cancellation);
            await Until.TrueAsync(async () => await EffectTables.CountAsync(pair.Services, "effects") > 0, 60, () => "work that is done");
            var load = requests.RunAsync(PerMinute, Window, Cancellation);
            using (var wait = new PeriodicTimer(Before)) await wait.WaitForNextTickAsync(Cancellation);

            await pair.Primary.KillAsync();
            var orderedBefore = requests.Ordered;
            var promoted = TimeProvider.System.GetTimestamp();
            var answer = await pair.PromoteAsync();
            Assert.True(answer.Promoted, answer.Sentence);
            Assert.Equal(0, answer.LostBytes);
            await Until.TrueAsync(() => Task.FromResult(requests.Ordered > orderedBefore), 60, () => $"an accepted order, but: {requests.Errors.LastOrDefault()}");
            var back = TimeProvider.System.GetElapsedTime(promoted);

            await load;
            await Until.TrueAsync(async () => await EffectTables.CountAsync(pair.Services, "unfinished") == 0, 120, () => "every job ended");
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"writes back {back.TotalSeconds:0.0} s after the promotion began; {requests.Ordered} orders accepted, {requests.Errors.Count} requests refused, p95 {requests.Percentile(0.95).TotalMilliseconds:N0} ms");
            Assert.True(back <= Promised, $"Writes were back after {back}.");
            Assert.All(requests.Errors, error => Assert.Contains(": 503 ", error, StringComparison.Ordinal));
        }
        finally
        {
            foreach (var worker in workers) await worker.DisposeAsync();
        }
        await JudgeAsync(pair.Services, requests);
    }

    /// <summary>T06 of the register: the primary hangs and is not dead.</summary>
    [Fact, Trait("Category", "Faults")]
    public Task While_the_primary_hangs_for_eight_seconds_requests_are_refused_within_five_and_answered_afterwards() => HangAsync(TimeSpan.FromSeconds(8));

    [Fact, Trait("Category", "Faults")]
    public Task While_the_primary_hangs_for_a_minute_requests_are_refused_within_five_seconds_and_answered_afterwards() => HangAsync(TimeSpan.FromSeconds(60));

    private static async Task HangAsync(TimeSpan hang)
    {
        await using var pair = await TestPair.StartAsync();
        await CreateTablesAsync(pair);
        await using var api = new JobsApi(pair.Services + ";Maximum Pool Size=10", overTcp: true, LoadTests.MapOrders);
        using var client = api.Signed("ADMIN");
        var orders = new RequestLoad(client, "/orders", () => new(Random.Shared.Next(500, 2_000)));
        await using var worker = WorkerProcess.Start(pair.Services, ("Jobs:Concurrency", "10"));
        for (var i = 0; i < 3; i++) await Until.TrueAsync(async () => (await AskAsync(client, 20)).All(asked => asked.Status == HttpStatusCode.OK), 60, () => "answers"); // connections that are open, and code that is compiled
        await orders.WarmUpAsync(Cancellation);
        await Until.TrueAsync(async () => await EffectTables.CountAsync(pair.Services, "starts") > 0, 60, () => "a job at work");
        await orders.RunAsync(600, TimeSpan.FromSeconds(3), Cancellation);
        var threads = ThreadPool.ThreadCount;
        var most = threads;
        var answers = new List<(HttpStatusCode Status, TimeSpan Took)>();
        var slowestAlive = TimeSpan.Zero;
        pair.Primary.Signal(Signals.Stop);
        try
        {
            var begun = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(begun) < hang)
            {
                var asking = AskAsync(client, 20);
                var asked = TimeProvider.System.GetTimestamp();
                using var alive = await client.GetAsync(new Uri("/alive", UriKind.Relative), Cancellation); // among those that wait
                Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
                slowestAlive = new(Math.Max(slowestAlive.Ticks, TimeProvider.System.GetElapsedTime(asked).Ticks));
                answers.AddRange(await asking);
                most = Math.Max(most, ThreadPool.ThreadCount);
            }
        }
        finally
        {
            pair.Primary.Signal(Signals.Continue);
        }
        var thawed = TimeProvider.System.GetTimestamp();
        await Until.TrueAsync(async () => (await AskAsync(client, 5)).All(asked => asked.Status == HttpStatusCode.OK), 10, () => "answers again");
        var back = TimeProvider.System.GetElapsedTime(thawed);
        var ordered = orders.Ordered;
        await Until.TrueAsync(async () => { await orders.RunAsync(600, TimeSpan.FromSeconds(0.5), Cancellation); return orders.Ordered > ordered; }, 10, () => $"orders taken again, but: {orders.Errors.LastOrDefault()}");
        await Until.TrueAsync(async () => await EffectTables.CountAsync(pair.Services, "unfinished") == 0, 120, () => "every job ended");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{answers.Count} requests refused, the slowest after {answers.Max(a => a.Took).TotalSeconds:0.0} s; /alive after {slowestAlive.TotalMilliseconds:0} ms at most; threads of the pool {threads}, at most {most}; answered again {back.TotalSeconds:0.0} s after; {orders.Ordered} jobs");
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        Assert.All(answers, answer => Assert.True(answer.Took < TimeSpan.FromSeconds(5), $"A request was refused after {answer.Took}."));
        Assert.True(slowestAlive < TimeSpan.FromSeconds(2), $"/alive was answered after {slowestAlive}.");
        Assert.True(most <= threads + 30, $"{most} threads of the pool, {threads} before.");
        Assert.False(worker.HasExited, "The worker has ended.");
        await JudgeAsync(pair.Services, orders);
    }

    private static Task<(HttpStatusCode Status, TimeSpan Took)[]> AskAsync(HttpClient client, int count) => Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var answer = await client.GetAsync(new Uri("/api/v1/jobs?queue=test&size=5", UriKind.Relative), Cancellation);
        return (answer.StatusCode, TimeProvider.System.GetElapsedTime(begun));
    }));

    /// <summary>What clients were told, against what is stored: each accepted order is a job that is completed, and had its effect.</summary>
    private static async Task JudgeAsync(string database, RequestLoad requests)
    {
        await using var context = TestServers.ContextOn(database);
        var completed = await context.FinishedJobs.Where(j => j.Queue == WorkerKinds.Effect.Queue && j.State == Shabou.Schema.Jobs.JobState.Completed).Select(j => j.Id).ToListAsync(Cancellation);
        Assert.Empty(requests.OrderedJobs.Except(completed));
        var effects = await context.Database.SqlQuery<Guid>($"""SELECT job_id AS "Value" FROM public.effects""").ToListAsync(Cancellation);
        Assert.Empty(completed.Except(effects));
        Assert.Equal(effects.Count, effects.Distinct().Count());
        Assert.Equal(0, await EffectTables.CountAsync(database, "dead"));
    }

    private static async Task CreateTablesAsync(TestPair pair)
    {
        await using var context = TestServers.ContextOn(pair.Services);
        await context.Database.MigrateAsync(Cancellation);
        await EffectTables.AddAsync(context);
    }
}
