using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Quartz;
using Shabou.Jobs.Alerts;
using Shabou.Jobs.History;
using Shabou.ServiceDefaults.Health;

namespace Shabou.Jobs;

/// <summary>Runs one job of a kind: reads the payload, makes the handler, calls it.</summary>
internal delegate Task<object?> JobInvocation(IServiceProvider services, RunningJob job, Func<object, CancellationToken, Task> report, CancellationToken cancellationToken);

/// <summary>A kind of job that this process runs.</summary>
internal sealed record JobHandlerRegistration(JobKind Kind, JobInvocation Invoke);

/// <summary>A kind of job that is enqueued by the clock.</summary>
internal sealed record JobScheduleRegistration(string Name, CronExpression Cron, JobKind Kind, string Payload);

/// <summary>How a service gets the queue and says what it can run.</summary>
public static class JobHandlers
{
    /// <summary>Registers <see cref="JobQueue"/>, and workers for the queues of the kinds added by <see cref="AddJobHandler{THandler,TPayload}"/>.</summary>
    public static IHostApplicationBuilder AddJobs(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<JobOptions>()
            .BindConfiguration(JobOptions.Section)
            .ValidateDataAnnotations()
            .Validate(o => o.Heartbeat * 2 <= o.Lease, "Jobs:Heartbeat must be at most half of Jobs:Lease, or a slow beat loses the job.")
            .Validate(o => o.QueueConcurrency.Values.All(c => c is >= 1 and <= 64), "Jobs:QueueConcurrency must be 1 to 64 for each queue.")
            .ValidateOnStart();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<JobQueue>();
        builder.Services.AddSingleton<JobStore>();
        builder.Services.AddSingleton<JobTelemetry>();
        builder.Services.AddSingleton<JobWake>();
        builder.Services.AddSingleton<HeldJobs>();
        builder.Services.AddSingleton<JobFinisher>();
        builder.Services.AddSingleton<JobRunner>();
        builder.Services.TryAddSingleton<FirstReady>(); // a program without requests has none of the defaults
        builder.Services.AddHostedService<JobListener>();
        builder.Services.AddHostedService<JobWorker>();
        builder.Services.AddHostedService<JobRescuer>();
        builder.Services.AddHostedService<JobScheduler>();
        builder.AddAlerts();
        builder.Services.AddOptions<ArchiveOptions>().BindConfiguration(ArchiveOptions.Section)
            .Validate(o => o.IsAbsolute(), "Archive:Folder must be a whole path, or the services would each archive into another folder.")
            .ValidateOnStart();
        builder.Services.AddScoped<HistoryArchive>();
        builder.Services.AddJobHandler<JobCleaner, JobCleaner.Order>(JobCleaner.Kind);
        builder.Services.AddJobSchedule("jobs.retention", "0 30 3 * * ?", JobCleaner.Kind, new JobCleaner.Order());
        return builder;
    }

    /// <summary>Lets this process run jobs of <paramref name="kind"/>; the handler is made anew for each job, in a scope of its own.</summary>
    public static IServiceCollection AddJobHandler<THandler, TPayload>(this IServiceCollection services, JobKind<TPayload> kind) where THandler : class, IJobHandler<TPayload>
    {
        services.AddScoped<THandler>();
        return services.AddSingleton(new JobHandlerRegistration(kind, (scope, job, report, cancellationToken) =>
        {
            var payload = JsonSerializer.Deserialize<TPayload>(job.Payload, JsonSerializerOptions.Web) ?? throw new JsonException("The payload is null.");
            var context = new JobContext<TPayload>(job.Id, job.Kind, payload, job.Attempt, job.Subject, job.LeaseToken) { Report = report };
            return scope.GetRequiredService<THandler>().RunAsync(context, cancellationToken);
        }));
    }

    /// <summary>Enqueues a job at each time that the cron expression names, once however many processes have the schedule. A missed
    /// occurrence runs once on return; of several missed ones only the last.</summary>
    /// <param name="services">The service's.</param>
    /// <param name="name">Unique, at most 64 characters; never changes.</param>
    /// <param name="cron">Quartz's form, seconds first: <c>0 0 3 * * ?</c> is every night at three, in the time zone Africa/Tunis.</param>
    /// <param name="kind">What is enqueued.</param>
    /// <param name="payload">With this input.</param>
    /// <exception cref="FormatException">The expression cannot be read.</exception>
    public static IServiceCollection AddJobSchedule<TPayload>(this IServiceCollection services, string name, string cron, JobKind<TPayload> kind, TPayload payload) =>
        services.AddSingleton(new JobScheduleRegistration(name, new CronExpression(cron, JobScheduler.TimeZone), kind, JsonSerializer.Serialize(payload, JsonSerializerOptions.Web)));
}
