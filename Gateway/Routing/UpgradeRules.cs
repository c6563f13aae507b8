using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Cors;
using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Problems;
using Yarp.ReverseProxy.Configuration;

namespace Shabou.Gateway.Routing;

/// <summary>A route becomes a WebSocket only where its metadata say <c>WebSockets</c>, and only for a page of ours: browsers ask nobody
/// before they open one to another origin, so without this any page could use a visitor's connection.</summary>
internal sealed class UpgradeRules(RequestDelegate next, IOptions<OriginOptions> origins, IProblemDetailsService problems)
{
    internal const string Metadata = "WebSockets";

    private readonly HashSet<string> _origins = new(origins.Value.Origins, StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.Headers.Upgrade.Count == 0 && !HttpMethods.IsConnect(request.Method))
            return next(http);
        if (!IsWebSocket(http))
        {
            request.Headers.Remove("Upgrade"); // an offer of another protocol may be ignored, and is
            return next(http);
        }
        if (!Allows(http.GetReverseProxyFeature().Route.Config))
            return problems.RefuseAsync(http, ProblemTypes.Forbidden, "This address does not speak WebSocket. Ask for it with a plain request.").AsTask();
        return request.Headers.Origin is [{ } origin] && _origins.Contains(origin)
            ? next(http)
            : problems.RefuseAsync(http, ProblemTypes.Forbidden,
                "A WebSocket is opened only from a page of ours. Send the Origin of one, or have this one added to Cors:Origins.").AsTask();
    }

    internal static string? FaultIn(RouteConfig route) =>
        route.Metadata?.GetValueOrDefault(Metadata) is { } value && !bool.TryParse(value, out _)
            ? $"Route '{route.RouteId}' has WebSockets '{value}': set {RouteSettings.Section}:Routes:{route.RouteId}:Metadata:{Metadata} to true or false."
            : null;

    private static bool Allows(RouteConfig route) => route.Metadata?.GetValueOrDefault(Metadata) is { } value && bool.Parse(value);

    private static bool IsWebSocket(HttpContext http) =>
        HttpMethods.IsConnect(http.Request.Method)
            ? http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true }
            : http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
                && string.Equals(http.Request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase);
}
