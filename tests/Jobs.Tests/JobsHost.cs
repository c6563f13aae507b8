using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shabou.Schema;
using Shabou.Schema.Jobs;
using Shabou.Testing;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace Shabou.Jobs.Tests;

/// <summary>A program with the queue and one handler, on a database of its own. Several on one database are several workers.</summary>
internal sealed class JobsHost : IAsyncDisposable
{
    public const string Kind = "test.work";
    private readonly IHost _host;

    public JobsHost(string database, Func<JobContext, CancellationToken, Task<object?>> work, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:shabou", database), new("Jobs:Poll", "00:00:00.05"), .. settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))]);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddShabouDatabase();
        builder.AddJobs();
        builder.Services.AddSingleton(work);
        builder.Services.AddJobHandler<Handler>(Kind);
        _host = builder.Build();
    }

    public JobLeases Leases => _host.Services.GetRequiredService<JobLeases>();

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync() => _host.StopAsync();

    /// <summary>Enqueues and commits, unless told to roll back.</summary>
    public async Task<Guid> EnqueueAsync(object? payload = null, string? idempotencyKey = null, bool commit = true)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShabouContext>();
        var id = Guid.Empty;
        await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync();
            id = scope.ServiceProvider.GetRequiredService<JobQueue>().Enqueue(Kind, payload ?? new { }, idempotencyKey).Id;
            await context.SaveChangesAsync();
            if (commit) await transaction.CommitAsync();
        });
        return id;
    }

    public async Task<Job?> FindAsync(Guid id)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ShabouContext>().Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == id);
    }

    /// <summary>Waits until the job is in the state.</summary>
    public async Task<Job> UntilAsync(Guid id, JobState state)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (await tick.WaitForNextTickAsync(limit.Token))
            if (await FindAsync(id) is { } job && job.State == state) return job;
        throw new TimeoutException();
    }

    /// <summary>The lease ends now, as if its worker had been silent too long.</summary>
    public async Task LapseAsync(Guid id)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ShabouContext>().Database
            .ExecuteSqlAsync($"UPDATE jobs.jobs SET lease_until = now() - interval '1 second' WHERE id = {id}");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Handler(Func<JobContext, CancellationToken, Task<object?>> work) : IJobHandler
    {
        public Task<object?> RunAsync(JobContext job, CancellationToken cancellationToken) => work(job, cancellationToken);
    }
}
