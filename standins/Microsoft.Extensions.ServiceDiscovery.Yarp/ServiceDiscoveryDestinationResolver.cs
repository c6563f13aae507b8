using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Microsoft.Extensions.ServiceDiscovery.Yarp;

/// <summary>Expands each destination into the endpoints of its service; YARP asks again when the change token fires.</summary>
internal sealed class ServiceDiscoveryDestinationResolver(ServiceEndpointResolver resolver) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>();
        var changes = new List<IChangeToken>();
        foreach (var (id, destination) in destinations)
        {
            var asked = new Uri(destination.Address);
            var source = await resolver.GetEndpointsAsync(asked.GetLeftPart(UriPartial.Authority), cancellationToken).ConfigureAwait(false);
            changes.Add(source.ChangeToken);
            foreach (var endpoint in source.Endpoints)
            {
                resolved[$"{id}[{endpoint}]"] = At(destination, asked, endpoint.ToString()!);
            }
        }

        return new ResolvedDestinationCollection(resolved, new CompositeChangeToken(changes));
    }

    private static DestinationConfig At(DestinationConfig destination, Uri asked, string endpoint)
    {
        var uri = new Uri(endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"{asked.Scheme.Split('+')[0]}://{endpoint}");
        var address = new UriBuilder(asked) { Scheme = uri.Scheme, Host = uri.Host, Port = uri.Port };
        var health = string.IsNullOrEmpty(destination.Health) ? null : new UriBuilder(destination.Health) { Host = uri.Host, Port = uri.Port };
        return destination with
        {
            Address = address.Uri.ToString(),
            Health = health?.Uri.ToString() ?? destination.Health,
            Host = string.IsNullOrEmpty(destination.Host) ? null : destination.Host,
        };
    }
}
