using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace Shabou.Gateway.Resilience;

/// <summary>What happens between the gateway and a service that fails: another destination, another try, or none for a while.</summary>
internal static class Resilience
{
    internal static void AddResilience(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ResilienceOptions>().BindConfiguration(ResilienceOptions.Section)
            .Validate(o => o.ConnectTimeout >= TimeSpan.FromMilliseconds(50) && o.ConnectTimeout <= TimeSpan.FromSeconds(30), "Resilience:ConnectTimeout must be from 50 ms to 30 s.")
            .Validate(o => o.Breaker.IsSane, "Resilience:Breaker needs a :FailureRatio from 0.01 to 1, :MinimumCalls from 2 to 10,000, :Window and :Break from 0.5 s to 10 minutes, and :SlowAfter from 50 ms to 10 minutes.")
            .Validate(o => o.Retry.IsSane, "Resilience:Retry needs :Attempts from 0 to 2, a :Budget from 0 to 1, :Saved from 1 to 10,000, and a :BaseDelay above 0 that is at most :MaxDelay, which is at most 5 s.")
            .Validate(o => o.Ejection.IsSane, "Resilience:Ejection needs :Consecutive from 1 to 1,000, a :FailureRatio from 0.01 to 1, :MinimumRequests from 1 to 10,000, and a :Window from 1 s to 10 minutes.")
            .ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Circuits>();
        builder.Services.AddSingleton<RetryBudgets>();
        builder.Services.AddSingleton<OutlierPolicy>();
        builder.Services.AddSingleton<IPassiveHealthCheckPolicy>(services => services.GetRequiredService<OutlierPolicy>());
        builder.Services.AddSingleton<IAvailableDestinationsPolicy, AtMostHalf>();
        builder.Services.AddSingleton<UpstreamRetries>();
        builder.Services.AddSingleton<IForwarderHttpClientFactory, UpstreamClients>();
    }
}
