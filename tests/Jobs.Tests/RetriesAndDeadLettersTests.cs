using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.JobsWorker;
using Shabou.Schema.Jobs;
using Shabou.Testing;

namespace Shabou.Jobs.Tests;

public sealed class RetriesAndDeadLettersTests(TestServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
    public async Task A_job_whose_attempts_are_spent_is_dead_and_tells_no_secret()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (_, _) => throw new InvalidOperationException("secret detail"));
        await host.StartAsync();
        var job = await host.UntilAsync(await host.EnqueueAsync(kind: JobsHost.Work with { MaxAttempts = 1 }), JobState.Dead);
        Assert.Contains("InvalidOperationException", job.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", job.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_can_never_succeed_is_dead_at_once()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (_, _) => throw new JobFailedException("The campaign is gone."));
        await host.StartAsync();
        var job = await host.UntilAsync(await host.EnqueueAsync(), JobState.Dead);
        Assert.Equal((1, "The campaign is gone."), (job.Attempt, job.Error));
    }

    [Fact]
    public async Task A_job_that_runs_too_long_is_stopped()
    {
        var kind = JobsHost.Work with { Timeout = TimeSpan.FromSeconds(1), MaxAttempts = 1 };
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return null;
        }, kind);
        await host.StartAsync();
        Assert.Contains("longer than 00:00:01", (await host.UntilAsync(await host.EnqueueAsync(kind: kind), JobState.Dead)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_ignores_its_token_is_abandoned_and_others_go_on()
    {
        using var never = new ManualResetEventSlim();
        var kind = JobsHost.Work with { Timeout = TimeSpan.FromSeconds(1), MaxAttempts = 1 };
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (job, _) =>
        {
            if (job.Payload.EnumerateObject().Any()) never.Wait(CancellationToken.None);
            return Task.FromResult<object?>(null);
        }, kind, ("Jobs:Concurrency", "1"), ("Jobs:Grace", "00:00:00.2"));
        await host.StartAsync();
        var stuck = await host.EnqueueAsync(new { block = true }, kind: kind);
        var other = await host.EnqueueAsync(kind: kind);
        Assert.Contains("did not stop", (await host.UntilAsync(stuck, JobState.Dead)).Error, StringComparison.Ordinal);
        await host.UntilAsync(other, JobState.Completed);
        never.Set();
        Assert.Equal(JobState.Dead, (await host.FindAsync(stuck))!.State);
    }

    [Fact]
    public async Task An_unknown_kind_and_a_payload_that_does_not_parse_die_with_the_reason()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(),
            services => services.AddJobHandler<NeverRun, EffectOrder>(WorkerKinds.Effect with { MaxAttempts = 1 }));
        await host.StartAsync();
        var unknown = await host.EnqueueAsync(kind: new("test.unknown", "test", TimeSpan.FromSeconds(1)) { MaxAttempts = 2 });
        var wrong = await host.EnqueueAsync(new { milliseconds = "many" }, kind: new(WorkerKinds.Effect.Name, "test", TimeSpan.FromSeconds(1)) { MaxAttempts = 1 });
        var dead = await host.UntilAsync(unknown, JobState.Dead);
        Assert.Equal(2, dead.Attempt);
        Assert.Contains("No service has a handler for jobs of kind 'test.unknown'", dead.Error, StringComparison.Ordinal);
        Assert.Contains("milliseconds", (await host.UntilAsync(wrong, JobState.Dead)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_or_payload_that_is_far_too_large_is_refused()
    {
        var large = new string('x', 300_000);
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (_, _) => Task.FromResult<object?>(large));
        await Assert.ThrowsAsync<ArgumentException>(() => host.EnqueueAsync(new { large }));
        await host.StartAsync();
        Assert.Contains("262,144 bytes", (await host.UntilAsync(await host.EnqueueAsync(), JobState.Dead)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_letter_can_be_seen_redriven_and_let_go_by_an_administrator()
    {
        var mended = false;
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), (_, _) => Volatile.Read(ref mended) ? Task.FromResult<object?>(null) : throw new JobFailedException("Not yet mended."));
        await host.StartAsync();
        var (first, second) = (await host.EnqueueAsync(new { name = "first" }), await host.EnqueueAsync(new { name = "second" }));
        await host.UntilAsync(first, JobState.Dead);
        await host.UntilAsync(second, JobState.Dead);
        await using var api = new JobsApi(host);
        var letters = (await api.GetAsync("/api/v1/dead-letters")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([first, second], letters.Select(l => l.GetProperty("job").GetProperty("id").GetGuid()));
        Assert.Equal(("first", "Not yet mended."), (letters[0].GetProperty("payload").GetProperty("name").GetString(), letters[0].GetProperty("job").GetProperty("error").GetString()));

        Volatile.Write(ref mended, true);
        await api.PostAsync($"/api/v1/dead-letters/{first}/redrive");
        var job = await host.UntilAsync(first, JobState.Completed);
        Assert.Equal((1, 1), (job.Attempt, job.Redrives));
        using var discarded = await api.Client.PostAsync($"/api/v1/dead-letters/{second}/discard", null, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, discarded.StatusCode);
        Assert.Empty((await api.GetAsync("/api/v1/dead-letters")).GetProperty("items").EnumerateArray());
        Assert.Equal(JobState.Dead, (await host.FindAsync(second))!.State); // the history has it
        using var again = await api.Client.PostAsync($"/api/v1/dead-letters/{second}/redrive", null, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        using var user = api.Signed("USER");
        using var refused = await user.GetAsync("/api/v1/dead-letters", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task The_list_of_jobs_has_the_waiting_and_the_finished_and_pages_through_them()
    {
        await using var host = new JobsHost(await servers.CreateDatabaseAsync(), JobsHost.Nothing);
        var done = new List<Guid>();
        for (var i = 0; i < 3; i++) done.Add(await host.EnqueueAsync());
        await host.StartAsync();
        foreach (var id in done) await host.UntilAsync(id, JobState.Completed);
        await host.StopAsync();
        for (var i = 0; i < 2; i++) await host.EnqueueAsync();
        await using var api = new JobsApi(host);
        var (seen, address) = (new List<string>(), "/api/v1/jobs?queue=test&size=2");
        while (address is not null)
        {
            var page = await api.GetAsync(address);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(j => j.GetProperty("state").GetString()!));
            address = page.GetProperty("next").GetString() is { } next ? $"/api/v1/jobs?queue=test&size=2&after={next}" : null;
        }
        Assert.Equal(["available", "available", "completed", "completed", "completed"], seen);
        Assert.Equal(3, (await api.GetAsync("/api/v1/jobs?queue=test&state=completed")).GetProperty("items").GetArrayLength());
    }

    /// <summary>T09 of the register: twenty of each poison, good jobs among them.</summary>
    [Fact, Trait("Category", "Faults")]
    public async Task Poison_ends_among_the_dead_letters_and_delays_good_jobs_little()
    {
        var alone = await RunAsync(poison: 0);
        var among = await RunAsync(poison: 20);
        TestContext.Current.SendDiagnosticMessage($"100 good jobs alone {alone.TotalSeconds:F1} s, among poison {among.TotalSeconds:F1} s");
        Assert.True(among < 2 * alone, $"Good jobs took {among} among poison and {alone} alone.");
    }

    private async Task<TimeSpan> RunAsync(int poison)
    {
        var database = await EffectTables.CreateAsync(servers);
        await using var host = new JobsHost(database, JobsHost.Nothing);
        await using var worker = WorkerProcess.Start(database, ("Jobs:Concurrency", "10"), ("Jobs:Grace", "00:00:01"));
        await host.WithQueueAsync(async (queue, _) =>
        {
            foreach (var how in new[] { "throw", "hang", "block", "allocate" })
                await queue.EnqueueManyAsync(WorkerKinds.Poison, Enumerable.Repeat(new PoisonOrder(how), poison), Cancellation);
            await queue.EnqueueManyAsync(new JobKind<string>("test.nobody", "test", TimeSpan.FromSeconds(1)) { MaxAttempts = 2 }, Enumerable.Repeat("?", poison), Cancellation);
            await queue.EnqueueManyAsync(new JobKind<string>(WorkerKinds.Poison.Name, "test", TimeSpan.FromSeconds(1)) { MaxAttempts = 2 }, Enumerable.Repeat("not an order", poison), Cancellation);
            await queue.EnqueueManyAsync(WorkerKinds.Effect, Enumerable.Repeat(new EffectOrder(1_000), 100), Cancellation);
            return 0;
        });
        await Until.TrueAsync(async () => await EffectTables.CountAsync(database, "starts") > 0 || await EffectTables.CountAsync(database, "dead") > 0, 60, () => "the worker at work");
        var started = TimeProvider.System.GetTimestamp();
        await Until.TrueAsync(async () => await EffectTables.CountAsync(database, "effects") == 100, 300, () => "100 good jobs done");
        var took = TimeProvider.System.GetElapsedTime(started);
        await Until.TrueAsync(async () => await EffectTables.CountAsync(database, "dead") == 6 * poison, 300, () => "all poison dead");
        Assert.Equal(6 * poison, await EffectTables.CountAsync(database, "dead alerts"));
        return took;
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

    private sealed class NeverRun : IJobHandler<EffectOrder>
    {
        public Task<object?> RunAsync(JobContext<EffectOrder> job, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
