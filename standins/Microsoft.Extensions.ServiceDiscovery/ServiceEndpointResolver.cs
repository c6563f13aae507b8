using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Turns a service name, with or without schemes, into the endpoints that configuration gives it.</summary>
public sealed class ServiceEndpointResolver
{
    private readonly ConcurrentDictionary<string, ServiceEndpointSource> _known = new();
    private readonly IConfiguration _configuration;

    internal ServiceEndpointResolver(IConfiguration configuration) => _configuration = configuration; // the container is the only maker

    /// <summary>The endpoints of the service; the answer is kept until the configuration reloads.</summary>
    /// <exception cref="KeyNotFoundException">The configuration of the service cannot be read as endpoints.</exception>
    public ValueTask<ServiceEndpointSource> GetEndpointsAsync(string serviceName, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(serviceName);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_known.TryGetValue(serviceName, out var source) || source.ChangeToken.HasChanged)
        {
            _known[serviceName] = source = Resolve(ServiceName.Parse(serviceName));
        }

        return ValueTask.FromResult(source);
    }

    private ServiceEndpointSource Resolve(ServiceName name)
    {
        var changes = _configuration.GetReloadToken();
        var configured = _configuration.GetSection("Services").GetSection(name.Host) is { } section && section.Exists()
            ? FromConfiguration(name, section)
            : [];
        return new ServiceEndpointSource(configured.Count > 0 ? configured : [ServiceEndpoint.Create(name.PassedThrough)], changes);
    }

    private static List<ServiceEndpoint> FromConfiguration(ServiceName name, IConfigurationSection service)
    {
        // Without an endpoint name the scheme is one: the first section that exists wins, so http is not a fallback for https.
        string[] candidates = name.Endpoint is { } endpointName ? [endpointName] : ["default", .. name.Schemes];
        var section = candidates.Select(service.GetSection).FirstOrDefault(candidate => candidate.Exists());
        if (section is null)
        {
            return [];
        }

        var entries = string.IsNullOrWhiteSpace(section.Value) ? section.GetChildren() : [section];
        var endpoints = entries.Select(entry => Read(name, section, entry)).ToList();
        return name.Schemes.Length == 0 ? endpoints : OfBestScheme(endpoints, name.Schemes);
    }

    private static ServiceEndpoint Read(ServiceName name, IConfigurationSection section, IConfigurationSection entry)
    {
        if (entry != section && !int.TryParse(entry.Key, out _))
        {
            throw new KeyNotFoundException($"The endpoint configuration section for service '{name.Host}' endpoint '{section.Key}' has non-numeric keys.");
        }

        return ServiceName.TryParseEndPoint(entry.Value) is { } endPoint
            ? ServiceEndpoint.Create(endPoint)
            : throw new KeyNotFoundException($"The endpoint configuration section for service '{name.Host}' endpoint '{section.Key}' has an invalid value with key '{entry.Key}'.");
    }

    private static List<ServiceEndpoint> OfBestScheme(List<ServiceEndpoint> endpoints, string[] schemes)
    {
        var best = endpoints.Select(RankOf).Where(rank => rank >= 0).DefaultIfEmpty(-1).Min();
        return endpoints.Where(endpoint => endpoint.EndPoint is not UriEndPoint || (best >= 0 && RankOf(endpoint) == best)).ToList();

        int RankOf(ServiceEndpoint endpoint) => endpoint.EndPoint is UriEndPoint { Uri.Scheme: var scheme } ? Array.IndexOf(schemes, scheme) : -1;
    }
}

/// <summary>Where a service answers: a URI, or a host with or without a port.</summary>
public abstract class ServiceEndpoint
{
    public abstract EndPoint EndPoint { get; }

    public static ServiceEndpoint Create(EndPoint endPoint) => new Fixed(endPoint);

    private sealed class Fixed(EndPoint endPoint) : ServiceEndpoint
    {
        public override EndPoint EndPoint => endPoint;

        public override string ToString() => endPoint switch
        {
            DnsEndPoint { Port: 0 } dns => dns.Host,
            DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
            IPEndPoint { Port: 0 } ip => ip.Address.ToString(),
            _ => endPoint.ToString()!,
        };
    }
}

public sealed class UriEndPoint(Uri uri) : EndPoint
{
    public Uri Uri { get; } = uri;

    public override string ToString() => Uri.ToString();
}

public sealed class ServiceEndpointSource(IReadOnlyList<ServiceEndpoint> endpoints, IChangeToken changeToken)
{
    public IReadOnlyList<ServiceEndpoint> Endpoints { get; } = endpoints;

    /// <summary>Fires when the endpoints may have changed.</summary>
    public IChangeToken ChangeToken { get; } = changeToken;
}
