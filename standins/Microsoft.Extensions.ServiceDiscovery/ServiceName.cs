using System.Net;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>What <c>https+http://_endpoint.service:port</c> says: schemes in order of preference, endpoint, service.</summary>
internal sealed record ServiceName(string[] Schemes, string? Endpoint, string Host, EndPoint PassedThrough)
{
    public static ServiceName Parse(string text)
    {
        var hasScheme = text.Contains("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(hasScheme ? text : $"any://{text}", UriKind.Absolute, out var uri))
        {
            throw new ArgumentException("The provided input was not in a valid format. It must be a valid URI.", nameof(text));
        }

        var (endpoint, host) = uri.Host.StartsWith('_') && uri.Host.IndexOf('.', StringComparison.Ordinal) is > 1 and var dot
            ? (uri.Host[1..dot], uri.Host[(dot + 1)..])
            : (null, uri.Host);
        return new ServiceName(hasScheme ? uri.Scheme.Split('+') : [], endpoint, host, AsEndPoint(host, uri.Port));
    }

    public static EndPoint? TryParseEndPoint(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        if (value.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(value, UriKind.Absolute, out var absolute) ? new UriEndPoint(absolute) : null;
        }

        return Uri.TryCreate($"any://{value}", UriKind.Absolute, out var uri) ? AsEndPoint(uri.Host, uri.Port) : null;
    }

    private static EndPoint AsEndPoint(string host, int port) =>
        IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, Math.Max(port, 0)) : new DnsEndPoint(host, Math.Max(port, 0));
}
