using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Shabou.Jobs;
using Shabou.Schema;
using Shabou.Schema.Jobs;

namespace Shabou.Bench.Jobs;

/// <summary>Ours, as a service uses it: leases, fencing, retries and history, by the worker that AddJobs registers.</summary>
internal sealed class ShabouQueue(string database) : IContestantQueue
{
    private static readonly JobKind<Payload> s_kind = new("bench.noop", "bench", TimeSpan.FromMinutes(1));
    private readonly Lazy<IHost> _sender = new(() => Build(database, concurrency: null, prefetch: 0, _ => { }));
    private IHost? _worker;

    public Task PrepareAsync() => UseAsync((_, context) => context.Database.ExecuteSqlAsync($"TRUNCATE jobs.jobs, jobs.finished_jobs, jobs.job_keys"));

    public Task EnqueueAsync(int jobs) => UseAsync(async (queue, _) =>
    {
        await queue.EnqueueManyAsync(s_kind, Enumerable.Repeat(new Payload(null), jobs), CancellationToken.None);
        return jobs;
    });

    /// <param name="jobs">How many there are.</param>
    /// <param name="concurrency">At once.</param>
    /// <param name="mode">How many are claimed beyond those.</param>
    public async Task<TimeSpan> RunAsync(int jobs, int concurrency, string mode)
    {
        var left = jobs;
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = Build(database, concurrency, int.Parse(mode, CultureInfo.InvariantCulture), _ =>
        {
            if (Interlocked.Decrement(ref left) == 0) ran.SetResult();
        });
        var clock = Stopwatch.StartNew();
        await host.StartAsync();
        await ran.Task;
        while (await UseAsync((_, context) => context.Jobs.AnyAsync(job => job.Queue == s_kind.Queue && job.State == JobState.Running))) await Task.Delay(1); // the last ones are being written
        clock.Stop();
        await host.StopAsync();
        var finished = await UseAsync((_, context) => context.AllJobs.CountAsync(job => job.Kind == s_kind.Name && job.State == JobState.Completed));
        if (left != 0 || finished != jobs) throw new InvalidOperationException($"{-left} jobs ran more than once, and {finished} of {jobs} are in the history.");
        return clock.Elapsed;
    }

    public async Task ListenAsync(int concurrency, string mode, Action<double> onJob)
    {
        _worker = Build(database, concurrency, int.Parse(mode, CultureInfo.InvariantCulture), payload => onJob(payload.SentAt ?? 0));
        await _worker.StartAsync();
    }

    public Task SendAsync(double sentAt) => UseAsync((queue, context) =>
    {
        queue.Enqueue(s_kind, new(sentAt));
        return context.SaveChangesAsync();
    });

    public async Task CloseAsync()
    {
        await _worker!.StopAsync();
        _worker.Dispose();
    }

    /// <param name="database">Connection string.</param>
    /// <param name="concurrency">Jobs at once; null only enqueues.</param>
    /// <param name="prefetch">Jobs claimed beyond those.</param>
    /// <param name="onJob">What the handler does.</param>
    private static IHost Build(string database, int? concurrency, int prefetch, Action<Payload> onJob)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Logging.ClearProviders(); // a line per job is not what is measured
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:shabou", database), new("Jobs:Concurrency", $"{concurrency ?? 1}"), new("Jobs:Prefetch", $"{prefetch}")]);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddShabouDatabase();
        builder.AddJobs();
        builder.Services.AddSingleton(onJob);
        if (concurrency is not null) builder.Services.AddJobHandler<NoOp, Payload>(s_kind);
        return builder.Build();
    }

    private async Task<T> UseAsync<T>(Func<JobQueue, ShabouContext, Task<T>> use)
    {
        await using var scope = _sender.Value.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<JobQueue>(), scope.ServiceProvider.GetRequiredService<ShabouContext>());
    }

    private sealed record Payload(double? SentAt);

    private sealed class NoOp(Action<Payload> onJob) : IJobHandler<Payload>
    {
        public Task<object?> RunAsync(JobContext<Payload> job, CancellationToken cancellationToken)
        {
            onJob(job.Payload);
            return Task.FromResult<object?>(null);
        }
    }
}
