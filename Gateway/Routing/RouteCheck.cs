using System.Globalization;
using Microsoft.Extensions.Options;
using Shabou.Gateway.RateLimiting;
using Yarp.ReverseProxy.Configuration;

namespace Shabou.Gateway.Routing;

/// <summary>Judges all routes and clusters together: by our rules, by YARP's, and by whether they fit each other.</summary>
internal sealed class RouteCheck(IConfigValidator yarp, IOptions<RateLimitOptions> limits)
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    /// <returns>One sentence per fault, the first that would have to be mended first; none when the settings are good.</returns>
    internal async Task<IReadOnlyList<string>> FaultsAsync(RouteSettings settings)
    {
        if (settings.Routes.Count == 0)
            return [$"There are no routes: set {RouteSettings.Section}:Routes."];
        var faults = new List<string>();
        foreach (var cluster in settings.Clusters)
            await AddAsync(ClusterFaults(cluster), () => yarp.ValidateClusterAsync(cluster));
        foreach (var route in settings.Routes)
            await AddAsync(RouteFaults(route, settings.Clusters), () => yarp.ValidateRouteAsync(route));
        return faults;

        // What YARP says about a route that breaks our rules mostly follows from it.
        async Task AddAsync(IEnumerable<string> ours, Func<ValueTask<IList<Exception>>> theirs)
        {
            var before = faults.Count;
            faults.AddRange(ours);
            if (faults.Count == before)
                faults.AddRange((await theirs()).Select(error => error.Message));
        }
    }

    private IEnumerable<string> RouteFaults(RouteConfig route, IReadOnlyList<ClusterConfig> clusters)
    {
        if (RouteRules.FaultIn(route, limits.Value) is { } fault)
            yield return fault;
        if (!clusters.Any(cluster => string.Equals(cluster.ClusterId, route.ClusterId, StringComparison.OrdinalIgnoreCase)))
            yield return $"Route '{route.RouteId}' leads to cluster '{route.ClusterId}', which does not exist: set {RouteSettings.Section}:Routes:{route.RouteId}:ClusterId to one of {string.Join(", ", clusters.Select(cluster => cluster.ClusterId))}.";
        if (route.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > LongestTimeout))
            yield return $"Route '{route.RouteId}' has a Timeout of {timeout}: set {RouteSettings.Section}:Routes:{route.RouteId}:Timeout above 0 and at most {LongestTimeout}.";
        if (UpgradeRules.FaultIn(route) is { } upgrade)
            yield return upgrade;
    }

    private static IEnumerable<string> ClusterFaults(ClusterConfig cluster)
    {
        var key = $"{RouteSettings.Section}:Clusters:{cluster.ClusterId}";
        if (cluster.Destinations is not { Count: > 0 } destinations)
        {
            yield return $"Cluster '{cluster.ClusterId}' has no destination: set {key}:Destinations.";
            yield break;
        }
        foreach (var (name, destination) in destinations)
        {
            if (!IsAddress(destination.Address))
                yield return $"Destination '{name}' of cluster '{cluster.ClusterId}' has no address: set {key}:Destinations:{name}:Address to http://..., https://... or https+http://<service>.";
            if (WeightedPolicy.FaultIn(destination) is { } fault)
                yield return $"Destination '{name}' of cluster '{cluster.ClusterId}' {fault.Problem}: set {key}:Destinations:{name}:Metadata:{fault.Setting} to {fault.Remedy}.";
        }
        if (cluster.HttpRequest?.ActivityTimeout is { } silence && (silence < TimeSpan.FromSeconds(1) || silence > LongestTimeout))
            yield return string.Create(CultureInfo.InvariantCulture, $"Cluster '{cluster.ClusterId}' has an ActivityTimeout of {silence}: set {key}:HttpRequest:ActivityTimeout from 00:00:01 to {LongestTimeout}.");
    }

    private static bool IsAddress(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https" or "https+http" or "http+https");
}
