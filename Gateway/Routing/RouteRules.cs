using Microsoft.Extensions.Options;
using Shabou.Gateway.RateLimiting;
using Yarp.ReverseProxy.Configuration;

namespace Shabou.Gateway.Routing;

/// <summary>No route by default: each says who may call it, how often, and how long it may take. A change of configuration that
/// forgets one is refused as a whole, and the routes before it stay.</summary>
internal sealed class RouteRules(IOptions<RateLimitOptions> limits) : IProxyConfigFilter
{
    private static readonly string[] Required = [nameof(RouteConfig.AuthorizationPolicy), nameof(RouteConfig.RateLimiterPolicy)];

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => new(cluster);

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel)
    {
        Check(route.RouteId, key => key switch
        {
            nameof(RouteConfig.AuthorizationPolicy) => route.AuthorizationPolicy,
            nameof(RouteConfig.RateLimiterPolicy) => route.RateLimiterPolicy,
            nameof(RouteConfig.TimeoutPolicy) => route.TimeoutPolicy,
            _ => route.Timeout?.ToString(),
        }, limits.Value);
        return new(route);
    }

    /// <param name="route">Its id, for the message.</param>
    /// <param name="value">The route's setting of that name.</param>
    /// <param name="limits">The limits that exist.</param>
    /// <exception cref="InvalidOperationException">One is missing, names nothing, or opens the route to everybody.</exception>
    internal static void Check(string route, Func<string, string?> value, RateLimitOptions limits)
    {
        foreach (var key in Required)
            if (string.IsNullOrWhiteSpace(value(key)))
                throw new InvalidOperationException($"Route '{route}' has no {key}: set ReverseProxy:Routes:{route}:{key}.");
        if (string.IsNullOrWhiteSpace(value(nameof(RouteConfig.TimeoutPolicy))) && string.IsNullOrWhiteSpace(value(nameof(RouteConfig.Timeout))))
            throw new InvalidOperationException($"Route '{route}' has no Timeout: set ReverseProxy:Routes:{route}:Timeout or TimeoutPolicy.");
        if (string.Equals(value(nameof(RouteConfig.AuthorizationPolicy)), "anonymous", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"Route '{route}' is open to everybody: set ReverseProxy:Routes:{route}:AuthorizationPolicy to User or Admin.");
        if (string.Equals(value(nameof(RouteConfig.RateLimiterPolicy)), "disable", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"Route '{route}' has no limit: set ReverseProxy:Routes:{route}:RateLimiterPolicy to one of the limits under RateLimits:Policies.");
        RateLimitRules.Check(route, value(nameof(RouteConfig.RateLimiterPolicy))!, limits);
        if (string.Equals(value(nameof(RouteConfig.TimeoutPolicy)), "disable", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"Route '{route}' may take for ever: set ReverseProxy:Routes:{route}:Timeout instead of TimeoutPolicy.");
    }
}
