using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Template;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Shabou.Gateway.Description;

/// <summary>Which service answers what, as the proxy is configured now.</summary>
internal sealed partial class RoutedServices(IProxyStateLookup proxy)
{
    private const string Placeholder = "x";

    /// <summary>Services that a route leads to, in alphabetical order.</summary>
    internal IReadOnlyList<string> Names() => [.. Routes().Select(route => route.ClusterId!).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Where the service can be asked, those believed to be healthy first.</summary>
    internal IReadOnlyList<DestinationModel> DestinationsOf(string service) => proxy.TryGetCluster(service, out var cluster)
        ? [.. cluster.DestinationsState.AvailableDestinations.Union(cluster.DestinationsState.AllDestinations).Select(destination => destination.Model)]
        : [];

    /// <summary>A moment's picture of the routes: the service that answers a method of an OpenAPI path, or null when none does.</summary>
    internal Func<string, string, string?> Owner()
    {
        var routes = Routes()
            .Select(route => (Route: route, Template: TemplateParser.Parse(route.Match.Path!)))
            .OrderBy(r => r.Route.Order ?? 0).ThenBy(r => RoutePrecedence.ComputeInbound(r.Template))
            .Select(r => (r.Route.ClusterId, r.Route.Match.Methods, Matcher: new TemplateMatcher(r.Template, [])))
            .ToList();
        return (method, path) =>
        {
            var concrete = new PathString(Parameter().Replace(path, Placeholder));
            return routes.FirstOrDefault(r => r.Methods?.Contains(method, StringComparer.OrdinalIgnoreCase) is not false && r.Matcher.TryMatch(concrete, [])).ClusterId;
        };
    }

    // Routes for some callers only, such as those who try a new version, answer the same as the general ones.
    private IEnumerable<RouteConfig> Routes() => proxy.GetRoutes().Select(route => route.Config)
        .Where(route => route is { ClusterId: not null, Match: { Path: not null, Headers: null or { Count: 0 }, QueryParameters: null or { Count: 0 }, Hosts: null or { Count: 0 } } });

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
