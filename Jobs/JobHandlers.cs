using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shabou.Jobs;

/// <summary>Which kinds of job this process runs.</summary>
internal sealed record JobHandlerRegistration(string Kind, Type Handler);

/// <summary>How a service gets the queue and says what it can run.</summary>
public static class JobHandlers
{
    /// <summary>Registers <see cref="JobQueue"/>, and a worker that runs the kinds added by <see cref="AddJobHandler{THandler}"/>.</summary>
    public static IHostApplicationBuilder AddJobs(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<JobOptions>()
            .BindConfiguration(JobOptions.Section)
            .ValidateDataAnnotations()
            .Validate(o => o.Heartbeat * 2 <= o.Lease, "Jobs:Heartbeat must be at most half of Jobs:Lease, or a slow beat loses the job.")
            .ValidateOnStart();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<JobQueue>();
        builder.Services.AddSingleton<JobLeases>();
        builder.Services.AddHostedService<JobWorker>();
        return builder;
    }

    /// <summary>Lets this process run jobs of <paramref name="kind"/>; the handler is made anew for each job, in a scope of its own.</summary>
    public static IServiceCollection AddJobHandler<THandler>(this IServiceCollection services, string kind) where THandler : class, IJobHandler
    {
        services.AddScoped<THandler>();
        return services.AddSingleton(new JobHandlerRegistration(kind, typeof(THandler)));
    }
}
