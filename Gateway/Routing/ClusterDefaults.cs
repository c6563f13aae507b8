using Shabou.Gateway.Resilience;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Shabou.Gateway.Routing;

/// <summary>What holds for a cluster that says nothing else: its destinations are probed, watched, and at most half of them set aside.</summary>
internal static class ClusterDefaults
{
    /// <summary>Silence between two pieces of an answer, or on an idle WebSocket, before the connection is given up. The route's Timeout
    /// covers the whole of an answer; this only ends what a Timeout does not reach.</summary>
    internal static readonly TimeSpan ActivityTimeout = TimeSpan.FromSeconds(100);

    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SetAsideFor = TimeSpan.FromSeconds(10);

    internal static ClusterConfig Fill(ClusterConfig cluster)
    {
        var active = cluster.HealthCheck?.Active ?? new();
        var passive = cluster.HealthCheck?.Passive ?? new();
        var request = cluster.HttpRequest ?? new ForwarderRequestConfig();
        return cluster with
        {
            LoadBalancingPolicy = cluster.LoadBalancingPolicy ?? (WeightedPolicy.Concerns(cluster) ? WeightedPolicy.PolicyName : LoadBalancingPolicies.PowerOfTwoChoices),
            HttpRequest = request with { ActivityTimeout = request.ActivityTimeout ?? ActivityTimeout },
            HealthCheck = (cluster.HealthCheck ?? new()) with
            {
                AvailableDestinationsPolicy = cluster.HealthCheck?.AvailableDestinationsPolicy ?? AtMostHalf.PolicyName,
                Active = active with
                {
                    Enabled = active.Enabled ?? true,
                    Interval = active.Interval ?? ProbeEvery,
                    Timeout = active.Timeout ?? ProbePatience,
                    Path = active.Path ?? ServiceDefaults.Health.HealthEndpoints.HealthPath,
                    Policy = active.Policy ?? HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                },
                Passive = passive with
                {
                    Enabled = passive.Enabled ?? true,
                    Policy = passive.Policy ?? OutlierPolicy.PolicyName,
                    ReactivationPeriod = passive.ReactivationPeriod ?? SetAsideFor,
                },
            },
        };
    }
}
