using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Shabou.Gateway.Resilience;

/// <summary>Sets a destination aside that fails when it is asked, whether it answers 5xx or nothing. Each time it fails again soon
/// after it came back it stays away longer, three times the cluster's period at most.</summary>
internal sealed class OutlierPolicy(IDestinationHealthUpdater health, IOptions<ResilienceOptions> options, TimeProvider time) : IPassiveHealthCheckPolicy
{
    internal const string PolicyName = "Failures";

    private const int MostPeriods = 3;
    private static readonly object Blamed = new();
    private static readonly TimeSpan UsualPeriod = TimeSpan.FromSeconds(10);

    private readonly ConditionalWeakTable<DestinationState, FailureRecord> _records = [];
    private readonly SteadyTime _time = new(time);

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (HasFailed(context) is { } hasFailed)
            Report(cluster, destination, hasFailed);
    }

    /// <summary>The 5xx of this request came from the service; there are others that the gateway gives itself.</summary>
    internal static void Blame(HttpContext http) => http.Items[Blamed] = true;

    internal void Report(ClusterState cluster, DestinationState destination, bool hasFailed)
    {
        var record = _records.GetValue(destination, _ => new FailureRecord(options.Value.Ejection, _time));
        if (record.Add(hasFailed, out var times))
        {
            var period = cluster.Model.Config.HealthCheck?.Passive?.ReactivationPeriod ?? UsualPeriod;
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, period * Math.Min(times, MostPeriods));
        }
        else if (!hasFailed && destination.Health.Passive == DestinationHealth.Unhealthy)
        {
            health.SetPassive(cluster, destination, DestinationHealth.Healthy, default); // it was asked all the same, having no other beside it, and works
        }
    }

    /// <returns>Null when the try says nothing about the destination.</returns>
    private static bool? HasFailed(HttpContext http)
    {
        if (http.GetForwarderErrorFeature() is not { } failure)
            return http.Items.ContainsKey(Blamed);
        if (failure.Exception is BrokenCircuitException)
            return null;
        if (http.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true)
            return http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true ? null : true; // who sends a body decides how long that takes
        if (http.RequestAborted.IsCancellationRequested)
            return null;
        return failure.Error switch
        {
            ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.RequestBodyDestination or ForwarderError.ResponseBodyDestination
                or ForwarderError.ResponseHeaders or ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination => true,
            _ => null,
        };
    }
}
