// Stands in for Microsoft.Extensions.Http.Resilience 10.6.0, for the part we use: the standard handler with its options.
// Left out: hedging, named pipelines of one's own, reloading, and Polly's metrics. Delete this project when the feed has the package.

using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Five strategies around each request, from the outermost: limit, total time, retries, breaker, time of one attempt.</summary>
public class HttpStandardResilienceOptions
{
    [Required, ValidateObjectMembers]
    public HttpRateLimiterStrategyOptions RateLimiter { get; set; } = new() { Name = "Standard-RateLimiter" };

    /// <summary>30 seconds by default.</summary>
    [Required, ValidateObjectMembers]
    public HttpTimeoutStrategyOptions TotalRequestTimeout { get; set; } = new() { Name = "Standard-TotalRequestTimeout" };

    /// <summary>Three retries by default, exponential from two seconds with jitter; Retry-After is honoured.</summary>
    [Required, ValidateObjectMembers]
    public HttpRetryStrategyOptions Retry { get; set; } = new() { Name = "Standard-Retry" };

    /// <summary>Opens for 5 seconds at 10 % failures of at least 100 calls in 30 seconds by default.</summary>
    [Required, ValidateObjectMembers]
    public HttpCircuitBreakerStrategyOptions CircuitBreaker { get; set; } = new() { Name = "Standard-CircuitBreaker" };

    /// <summary>10 seconds by default.</summary>
    [Required, ValidateObjectMembers]
    public HttpTimeoutStrategyOptions AttemptTimeout { get; set; } = new() { Name = "Standard-AttemptTimeout", Timeout = TimeSpan.FromSeconds(10) };
}

/// <summary>How many requests may be under way at once; 1,000 with no queue by default.</summary>
public class HttpRateLimiterStrategyOptions : ResilienceStrategyOptions
{
    [Required]
    public ConcurrencyLimiterOptions DefaultRateLimiterOptions { get; set; } = new() { PermitLimit = 1000, QueueLimit = 0 };
}

public class HttpTimeoutStrategyOptions : TimeoutStrategyOptions;

public class HttpCircuitBreakerStrategyOptions : CircuitBreakerStrategyOptions<HttpResponseMessage>
{
    public HttpCircuitBreakerStrategyOptions() =>
        ShouldHandle = static args => ValueTask.FromResult(HttpClientResiliencePredicates.IsTransient(args.Outcome));
}
