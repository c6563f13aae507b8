using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
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
    public static readonly JobKind<JsonElement> Work = new("test.work", "test", TimeSpan.FromMinutes(1));
    private readonly IHost _host;

    public JobsHost(string database, Func<JobContext<JsonElement>, CancellationToken, Task<object?>> work, params (string Key, string? Value)[] settings)
        : this(database, work, Work, settings)
    {
    }

    public JobsHost(string database, Func<JobContext<JsonElement>, CancellationToken, Task<object?>> work, JobKind<JsonElement> kind, params (string Key, string? Value)[] settings)
        : this(database, services => services.AddSingleton(work).AddJobHandler<Handler, JsonElement>(kind), settings)
    {
    }

    public JobsHost(string database, Action<IServiceCollection> handlers, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:shabou", database), new("Logging:LogLevel:Default", "Warning"), .. settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))]);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddShabouDatabase();
        builder.AddJobs();
        handlers(builder.Services);
        _host = builder.Build();
    }

    public static Func<JobContext<JsonElement>, CancellationToken, Task<object?>> Nothing { get; } = (_, _) => Task.FromResult<object?>(null);

    public IServiceProvider Services => _host.Services;

    public JobStore Store => _host.Services.GetRequiredService<JobStore>();

    public JobRescuer Rescuer => _host.Services.GetServices<IHostedService>().OfType<JobRescuer>().Single();

    public Task StartAsync() => _host.StartAsync(TestContext.Current.CancellationToken);

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>Uses a queue and its context, as a request would.</summary>
    public async Task<T> WithQueueAsync<T>(Func<JobQueue, ShabouContext, Task<T>> use)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<JobQueue>(), scope.ServiceProvider.GetRequiredService<ShabouContext>());
    }

    /// <summary>Enqueues and commits.</summary>
    public Task<Guid> EnqueueAsync(object? payload = null, string? key = null, JobKind<JsonElement>? kind = null, DateTimeOffset? runAt = null) => WithQueueAsync(async (queue, context) =>
    {
        var job = queue.Enqueue(kind ?? Work, JsonSerializer.SerializeToElement(payload ?? new { }, JsonSerializerOptions.Web), key, runAt);
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        return job.Id;
    });

    public Task<JobRecord?> FindAsync(Guid id) => WithQueueAsync((_, context) => context.AllJobs.SingleOrDefaultAsync(j => j.Id == id, TestContext.Current.CancellationToken));

    /// <summary>Waits until the job is in the state.</summary>
    public async Task<JobRecord> UntilAsync(Guid id, JobState state, int seconds = 30)
    {
        JobRecord? found = null;
        await Until.TrueAsync(async () => (found = await FindAsync(id))?.State == state, seconds, () => $"job {id} {state}, but it is {found?.State} in attempt {found?.Attempt}: {found?.Error}");
        return found!;
    }

    /// <summary>The lease ends now, as if its worker had been silent too long.</summary>
    public Task<int> LapseAsync(Guid id) => WithQueueAsync((_, context) =>
        context.Database.ExecuteSqlAsync($"UPDATE jobs.jobs SET lease_until = now() - interval '1 second' WHERE id = {id}", TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    internal sealed class Handler(Func<JobContext<JsonElement>, CancellationToken, Task<object?>> work) : IJobHandler<JsonElement>
    {
        public Task<object?> RunAsync(JobContext<JsonElement> job, CancellationToken cancellationToken) => work(job, cancellationToken);
    }
}
