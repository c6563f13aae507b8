// Stands in for Microsoft.Extensions.ServiceDiscovery.Yarp 10.6.0, for the part we use: destinations resolved by service discovery.
// Left out: the direct forwarder. Delete this project when the feed has the package.

using Microsoft.Extensions.ServiceDiscovery.Yarp;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

public static class ServiceDiscoveryReverseProxyServiceCollectionExtensions
{
    /// <summary>Lets a destination's address name a service: <c>https+http://catalog</c> becomes one destination for each endpoint.</summary>
    public static IReverseProxyBuilder AddServiceDiscoveryDestinationResolver(this IReverseProxyBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddServiceDiscoveryCore();
        builder.Services.AddSingleton<IDestinationResolver, ServiceDiscoveryDestinationResolver>();
        return builder;
    }
}
