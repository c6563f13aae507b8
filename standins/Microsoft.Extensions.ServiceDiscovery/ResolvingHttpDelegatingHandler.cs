using System.Collections.Concurrent;
using System.Net;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Sends each request to the next endpoint of the service that its URI names, then puts the URI back for the callers above.</summary>
internal sealed class ResolvingHttpDelegatingHandler(ServiceEndpointResolver resolver) : DelegatingHandler
{
    private readonly ConcurrentDictionary<string, Turn> _turns = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { } asked)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        var authority = asked.GetLeftPart(UriPartial.Authority);
        var source = await resolver.GetEndpointsAsync(authority, cancellationToken).ConfigureAwait(false);
        var turn = _turns.GetOrAdd(authority, static _ => new Turn()).Next();
        request.RequestUri = At(asked, source.Endpoints[(int)(turn % (uint)source.Endpoints.Count)].EndPoint);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = asked;
        }
    }

    private static Uri At(Uri asked, EndPoint endPoint)
    {
        var result = new UriBuilder(asked) { Scheme = asked.Scheme.Split('+')[0] };
        switch (endPoint)
        {
            case UriEndPoint { Uri: var uri }:
                (result.Scheme, result.Host, result.Port) = (uri.Scheme, uri.Host, uri.Port);
                if (uri.AbsolutePath.Length > 1)
                {
                    result.Path = $"{uri.AbsolutePath.TrimEnd('/')}/{asked.AbsolutePath.TrimStart('/')}";
                }

                break;
            case DnsEndPoint dns:
                (result.Host, result.Port) = (dns.Host, dns.Port > 0 ? dns.Port : result.Port);
                break;
            case IPEndPoint ip:
                (result.Host, result.Port) = (ip.Address.ToString(), ip.Port > 0 ? ip.Port : result.Port);
                break;
        }

        return result.Uri;
    }

    private sealed class Turn
    {
        private uint _taken;

        public uint Next() => Interlocked.Increment(ref _taken) - 1;
    }
}
