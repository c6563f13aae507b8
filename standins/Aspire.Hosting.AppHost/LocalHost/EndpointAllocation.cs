using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.LocalHost;

/// <summary>
/// Gives every endpoint its port before anything starts. One replica listens on the public port itself; several listen on ports of their own
/// behind a proxy.
/// </summary>
internal sealed class EndpointAllocation(IConfiguration configuration, ReplicaSet replicas)
{
    private readonly Ports _ports = new();
    private readonly bool _random = configuration.GetValue("DcpPublisher:RandomizePorts", defaultValue: false);

    public void Allocate(IEnumerable<IResource> resources)
    {
        // Fixed ports first, so that none of them is given away.
        foreach (var (resource, endpoint) in resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>(), (r, e) => (r, e))
            .OrderBy(pair => pair.e.Port is null).ToList())
        {
            Allocate(resource, endpoint);
        }
    }

    private void Allocate(IResource resource, EndpointAnnotation endpoint)
    {
        var several = replicas.All[resource].Count > 1;
        if (several && (endpoint.TargetPort is not null || !endpoint.IsProxied))
            throw new InvalidOperationException($"Resource '{resource.Name}' uses multiple replicas, but its endpoint '{endpoint.Name}' has a fixed target port or no proxy.");

        var port = endpoint.Port is { } wanted && (!_random || !endpoint.IsProxied) ? _ports.Fixed(wanted, resource.Name) : _ports.Free();
        endpoint.AllocatedEndpoint = new(endpoint, endpoint.TargetHost, port, port.ToString(CultureInfo.InvariantCulture));
        foreach (var replica in replicas.All[resource])
            replica.Ports[endpoint.Name] = several ? _ports.Free() : port;
        if (several)
            replicas.AddProxy(resource, endpoint);
    }
}
