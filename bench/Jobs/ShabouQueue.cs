using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Jobs;
using Shabou.Schema;

namespace Shabou.Bench.Jobs;

/// <summary>Ours, as a service uses it: leases, fencing, retries and history, by the worker that AddJobs registers.</summary>
internal sealed class ShabouQueue(string database) : IContestantQueue
{
    private const string Kind = "bench.noop";
    private const int Batch = 10_000;
    private readonly Lazy<IHost> _feeder = new(() => Build(database, concurrency: null, _ => { }));
    private IHost? _worker;

    public async Task PrepareAsync() => await UseAsync(context => context.Database.ExecuteSqlAsync($"TRUNCATE jobs.jobs"));

    public async Task EnqueueAsync(int jobs)
    {
        for (var done = 0; done < jobs; done += Batch)
        {
            await using var scope = _feeder.Value.Services.CreateAsyncScope();
            var queue = scope.ServiceProvider.GetRequiredService<JobQueue>();
            for (var i = done; i < Math.Min(jobs, done + Batch); i++) queue.Enqueue(Kind, new { });
            await scope.ServiceProvider.GetRequiredService<ShabouContext>().SaveChangesAsync();
        }
    }

    public async Task<TimeSpan> RunAsync(int jobs, int concurrency, string mode)
    {
        var left = jobs;
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = Build(database, concurrency, _ =>
        {
            if (Interlocked.Decrement(ref left) == 0) ran.SetResult();
        });
        var clock = Stopwatch.StartNew();
        await host.StartAsync();
        await ran.Task;
        while (await UseAsync(context => context.Jobs.AnyAsync(job => job.State == Schema.Jobs.JobState.Running))) await Task.Yield(); // the last ones are being finished
        clock.Stop();
        await host.StopAsync();
        if (left != 0) throw new InvalidOperationException($"{-left} jobs ran more than once.");
        return clock.Elapsed;
    }

    public async Task ListenAsync(int concurrency, string mode, Action<double> onJob)
    {
        _worker = Build(database, concurrency, payload => onJob(payload.GetProperty("sentAt").GetDouble()));
        await _worker.StartAsync();
    }

    public async Task SendAsync(double sentAt)
    {
        await using var scope = _feeder.Value.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<JobQueue>().Enqueue(Kind, new { sentAt });
        await scope.ServiceProvider.GetRequiredService<ShabouContext>().SaveChangesAsync();
    }

    public async Task CloseAsync()
    {
        await _worker!.StopAsync();
        _worker.Dispose();
    }

    /// <param name="database">Connection string.</param>
    /// <param name="concurrency">Jobs at once; null only enqueues.</param>
    /// <param name="onJob">What the handler does with the payload.</param>
    private static IHost Build(string database, int? concurrency, Action<JsonElement> onJob)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Logging.ClearProviders(); // a line per job is not what is measured
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:shabou", database), new("Jobs:Concurrency", $"{concurrency ?? 1}")]);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddShabouDatabase();
        builder.AddJobs();
        builder.Services.AddSingleton(onJob);
        if (concurrency is not null) builder.Services.AddJobHandler<NoOp>(Kind);
        return builder.Build();
    }

    private async Task<T> UseAsync<T>(Func<ShabouContext, Task<T>> use)
    {
        await using var scope = _feeder.Value.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<ShabouContext>());
    }

    private sealed class NoOp(Action<JsonElement> onJob) : IJobHandler
    {
        public Task<object?> RunAsync(JobContext job, CancellationToken cancellationToken)
        {
            onJob(job.Payload);
            return Task.FromResult<object?>(null);
        }
    }
}
