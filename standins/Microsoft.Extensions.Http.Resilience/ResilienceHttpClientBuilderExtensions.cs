using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;

namespace Microsoft.Extensions.DependencyInjection;

public static class ResilienceHttpClientBuilderExtensions
{
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder, Action<HttpStandardResilienceOptions> configure) =>
        builder.AddStandardResilienceHandler().Configure(configure);

    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var name = $"{builder.Name}-standard";
        builder.Services.AddOptions<HttpStandardResilienceOptions>(name)
            .ValidateDataAnnotations()
            .Validate(
                options => options.AttemptTimeout.Timeout <= options.TotalRequestTimeout.Timeout,
                "Total request timeout resilience strategy must have a greater timeout than the attempt resilience strategy.")
            .Validate(
                options => options.CircuitBreaker.SamplingDuration >= 2 * options.AttemptTimeout.Timeout,
                "The sampling duration of circuit breaker strategy needs to be at least double of an attempt timeout strategy's timeout interval.")
            .ValidateOnStart();

        // One pipeline a name and key for the whole process, or a breaker would forget its state with every handler.
        builder.Services.AddKeyedSingleton<ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>>>(name);
        builder.AddHttpMessageHandler(services =>
        {
            var pipelines = services.GetRequiredKeyedService<ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>>>(name);
            var options = services.GetRequiredService<IOptionsMonitor<HttpStandardResilienceOptions>>().Get(name);
            var keyOf = services.GetRequiredService<IOptionsMonitor<PipelineKey>>().Get(name).Of;
            var time = services.GetService<TimeProvider>();
            return new ResilienceHandler(request => pipelines.GetOrAdd(keyOf(request), _ => Build(options, time)));
        });
        builder.ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan); // the strategies keep the time
        return new StandardPipelineBuilder(name, builder.Services);
    }

    private static ResiliencePipeline<HttpResponseMessage> Build(HttpStandardResilienceOptions options, TimeProvider? time) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { Name = "standard", TimeProvider = time }
            .AddStrategy(_ => new ConcurrencyStrategy(new ConcurrencyLimiter(options.RateLimiter.DefaultRateLimiterOptions)), options.RateLimiter)
            .AddTimeout(options.TotalRequestTimeout)
            .AddRetry(options.Retry)
            .AddCircuitBreaker(options.CircuitBreaker)
            .AddTimeout(options.AttemptTimeout)
            .Build();

    private sealed record StandardPipelineBuilder(string PipelineName, IServiceCollection Services) : IHttpStandardResiliencePipelineBuilder;
}
