using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shabou.Schema.Jobs;

namespace Shabou.Jobs;

/// <summary>Runs this process's kinds of job, a few at a time, each under a lease that is renewed while it works.</summary>
internal sealed partial class JobWorker(
    IServiceScopeFactory scopes, JobLeases leases, IEnumerable<JobHandlerRegistration> registrations,
    IOptions<JobOptions> options, TimeProvider time, ILogger<JobWorker> logger) : BackgroundService
{
    private static readonly ActivitySource Source = new("Shabou.Jobs");
    private readonly Dictionary<string, Type> _handlers = registrations.ToDictionary(r => r.Kind, r => r.Handler);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _handlers.Count == 0
        ? Task.CompletedTask
        : Task.WhenAll(Enumerable.Range(0, options.Value.Concurrency).Select(_ => LoopAsync([.. _handlers.Keys], stoppingToken)));

    private async Task LoopAsync(string[] kinds, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await leases.ClaimAsync(kinds, stoppingToken) is { } job)
                {
                    await RunAsync(job, stoppingToken);
                    continue;
                }
                await leases.BuryAsync(kinds, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogDatabaseAway(error.Message); // jobs wait in the table; nothing is lost
            }
            await Task.Delay(options.Value.Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(Job job, CancellationToken stoppingToken)
    {
        using var activity = Source.StartActivity($"job {job.Kind}", ActivityKind.Consumer, job.TraceParent);
        activity?.SetTag("job.id", job.Id);
        using var logScope = logger.BeginScope(new Dictionary<string, object> { ["JobId"] = job.Id, ["JobKind"] = job.Kind });
        using var timeout = new CancellationTokenSource(options.Value.Timeout, time);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, timeout.Token);
        var beat = HeartbeatAsync(job, running);
        try
        {
            var result = await HandleAsync(job, running.Token);
            if (await leases.CompleteAsync(job, result, CancellationToken.None)) LogCompleted(job.Id, job.Kind);
            else LogLost(job.Id);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await leases.ReturnAsync(job, CancellationToken.None);
        }
        catch (JobFailedException failed)
        {
            LogDead(job.Id, job.Kind, failed.Message);
            await leases.FailAsync(job, failed.Message, forGood: true, TimeSpan.Zero, CancellationToken.None);
        }
        catch (JobLeaseLostException)
        {
            LogLost(job.Id);
        }
        catch (Exception error)
        {
            LogFailed(error, job.Id, job.Kind, job.Attempt, job.MaxAttempts);
            var reason = timeout.IsCancellationRequested ? $"The job ran longer than {options.Value.Timeout}." : "An attempt failed; the log has the details under the job's id.";
#pragma warning disable CA5394 // jitter spreads load, it protects nothing
            await leases.FailAsync(job, reason, forGood: false, JobRetry.Delay(job.Attempt, Random.Shared.NextDouble()), CancellationToken.None);
#pragma warning restore CA5394
        }
        finally
        {
            await running.CancelAsync();
            await beat;
        }
    }

    private async Task<object?> HandleAsync(Job job, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var handler = (IJobHandler)scope.ServiceProvider.GetRequiredService(_handlers[job.Kind]);
        var context = new JobContext(job.Id, job.Kind, JsonSerializer.Deserialize<JsonElement>(job.Payload), job.Attempt, job.Subject, job.LeaseToken!.Value)
        {
            Report = async (progress, token) =>
            {
                if (!await leases.RenewAsync(job, progress, token)) throw new JobLeaseLostException(job.Id);
            },
        };
        return await handler.RunAsync(context, cancellationToken);
    }

    private async Task HeartbeatAsync(Job job, CancellationTokenSource running)
    {
        using var timer = new PeriodicTimer(options.Value.Heartbeat, time);
        try
        {
            while (await timer.WaitForNextTickAsync(running.Token))
                if (!await leases.RenewAsync(job, null, running.Token))
                    await running.CancelAsync(); // somebody else has it: stop the handler
        }
        catch (OperationCanceledException) { }
        catch (Exception error) { LogDatabaseAway(error.Message); } // the lease lapses; completing will tell
    }

    [LoggerMessage(LogLevel.Information, "Completed job {Id} ({Kind})")] private partial void LogCompleted(Guid id, string kind);
    [LoggerMessage(LogLevel.Warning, "Lost the lease of job {Id}; another worker has it")] private partial void LogLost(Guid id);
    [LoggerMessage(LogLevel.Error, "Job {Id} ({Kind}) is dead: {Reason}")] private partial void LogDead(Guid id, string kind, string reason);
    [LoggerMessage(LogLevel.Error, "Job {Id} ({Kind}) failed in attempt {Attempt} of {MaxAttempts}")] private partial void LogFailed(Exception error, Guid id, string kind, int attempt, int maxAttempts);
    [LoggerMessage(LogLevel.Warning, "The queue could not be reached, trying again: {Reason}")] private partial void LogDatabaseAway(string reason);
}
