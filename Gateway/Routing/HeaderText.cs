using Yarp.ReverseProxy.Configuration;

namespace Shabou.Gateway.Routing;

/// <summary>Passes headers on in UTF-8, as they were read. The client's own default is ASCII only: one accent in any header, and the request
/// could not be sent at all, which looked as if the service were away.</summary>
internal sealed class HeaderText : IProxyConfigFilter
{
    private const string Encoding = "utf-8";

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) =>
        new(cluster with { HttpClient = (cluster.HttpClient ?? new HttpClientConfig()) with { RequestHeaderEncoding = Encoding } });

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => new(route);
}
