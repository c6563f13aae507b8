using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Shabou.ServiceDefaults.Telemetry;

namespace Shabou.ServiceDefaults.Resilience;

/// <summary>How every outgoing HTTP request fares: 5 s an attempt, 15 s in all, two retries of safe methods, and a breaker for each
/// host that opens for 30 s when half of at least 20 calls within 30 s failed. Section <c>HttpResilience</c> overrides single figures,
/// for example <c>HttpResilience:CircuitBreaker:BreakDuration</c>.</summary>
internal static class HttpResilience
{
    public const string Section = "HttpResilience";

    private static readonly TimeSpan LongestHonouredRetryAfter = TimeSpan.FromSeconds(2);

    public static void AddHttpResilience(this IHostApplicationBuilder builder)
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.TryAddSingleton<CircuitStates>();
        builder.Services.TryAddTransient<MethodMark>();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddHttpMessageHandler<RequestIdForwarding>();
            http.AddHttpMessageHandler<MethodMark>();
            http.AddStandardResilienceHandler(Configure).SelectPipelineByAuthority();
            http.AddServiceDiscovery();
        });
        builder.Services.AddSingleton<IConfigureOptions<HttpStandardResilienceOptions>>(services => new ConfigureNamedOptions<HttpStandardResilienceOptions>(name: null, options =>
        {
            builder.Configuration.GetSection(Section).Bind(options);
            services.GetRequiredService<CircuitStates>().Follow(options.CircuitBreaker);
        }));
    }

    private static void Configure(HttpStandardResilienceOptions options)
    {
        options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(5);
        options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(15);
        options.Retry.MaxRetryAttempts = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.BackoffType = DelayBackoffType.Exponential;
        options.Retry.UseJitter = true;
        options.Retry.ShouldHandle = args => ValueTask.FromResult(MethodMark.IsSafe(args.Context) && IsWorthRetrying(args.Outcome));
        options.CircuitBreaker.FailureRatio = 0.5;
        options.CircuitBreaker.MinimumThroughput = 20;
        options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(30);
        options.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(30);
    }

    // Told to come back later than we can wait, we hand the answer to the caller instead of holding the request.
    private static bool IsWorthRetrying(Outcome<HttpResponseMessage> outcome) =>
        HttpClientResiliencePredicates.IsTransient(outcome)
        && !(outcome.Result?.Headers.RetryAfter is { } header && (header.Delta ?? header.Date - DateTimeOffset.UtcNow) > LongestHonouredRetryAfter);
}
