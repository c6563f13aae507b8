using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Shabou.Gateway.Resilience;

/// <summary>Sets the sickest destinations aside, but never more than half of them: what looks like many broken copies is mostly one
/// thing that all of them need, and the copies that are left would drown. When all are sick alike, none is better than another and all are used.</summary>
internal sealed class AtMostHalf : IAvailableDestinationsPolicy
{
    internal const string PolicyName = "AtMostHalf";

    public string Name => PolicyName;

    public IReadOnlyList<DestinationState> GetAvailalableDestinations(ClusterConfig config, IReadOnlyList<DestinationState> allDestinations)
    {
        var (probed, watched) = (config.HealthCheck?.Active?.Enabled == true, config.HealthCheck?.Passive?.Enabled == true);
        var sick = allDestinations.Select(destination => (Destination: destination, Sickness: Sickness(destination.Health))).Where(one => one.Sickness > 0).ToList();
        var most = allDestinations.Count / 2;
        if (sick.Count == 0 || most == 0 || (sick.Count == allDestinations.Count && sick.All(one => one.Sickness == sick[0].Sickness)))
            return allDestinations;
        var aside = sick.OrderByDescending(one => one.Sickness).ThenBy(one => one.Destination.DestinationId, StringComparer.Ordinal)
            .Take(most).Select(one => one.Destination).ToHashSet();
        return [.. allDestinations.Where(destination => !aside.Contains(destination))];

        // One that does not answer the probe is surer to be away than one that failed a few requests.
        int Sickness(DestinationHealthState health) =>
            (probed && health.Active == DestinationHealth.Unhealthy ? 2 : 0) + (watched && health.Passive == DestinationHealth.Unhealthy ? 1 : 0);
    }
}
