using Shabou.Gateway.RateLimiting;
using Yarp.ReverseProxy.Configuration;

namespace Shabou.Gateway.Routing;

/// <summary>No route by default: each says who may call it, how often, and how long it may take.</summary>
internal static class RouteRules
{
    /// <param name="route">As configured.</param>
    /// <param name="limits">Those that a route can name.</param>
    /// <returns>One sentence that names the setting to change, or null: it breaks no rule.</returns>
    internal static string? FaultIn(RouteConfig route, RateLimitOptions limits)
    {
        var key = $"{RouteSettings.Section}:Routes:{route.RouteId}";
        if (string.IsNullOrWhiteSpace(route.AuthorizationPolicy))
            return $"Route '{route.RouteId}' has no AuthorizationPolicy: set {key}:AuthorizationPolicy.";
        if (string.IsNullOrWhiteSpace(route.RateLimiterPolicy))
            return $"Route '{route.RouteId}' has no RateLimiterPolicy: set {key}:RateLimiterPolicy.";
        if (string.IsNullOrWhiteSpace(route.TimeoutPolicy) && route.Timeout is null)
            return $"Route '{route.RouteId}' has no Timeout: set {key}:Timeout or TimeoutPolicy.";
        if (Is(route.AuthorizationPolicy, "anonymous"))
            return $"Route '{route.RouteId}' is open to everybody: set {key}:AuthorizationPolicy to User or Admin.";
        if (Is(route.RateLimiterPolicy, "disable"))
            return $"Route '{route.RouteId}' has no limit: set {key}:RateLimiterPolicy to one of the limits under {RateLimitOptions.Section}:Policies.";
        if (Is(route.TimeoutPolicy, "disable"))
            return $"Route '{route.RouteId}' may take for ever: set {key}:Timeout instead of TimeoutPolicy.";
        return RateLimitRules.FaultIn(route.RouteId, route.RateLimiterPolicy, limits);
    }

    private static bool Is(string? policy, string name) => string.Equals(policy, name, StringComparison.OrdinalIgnoreCase);
}
