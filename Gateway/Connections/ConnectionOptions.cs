using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;

namespace Shabou.Gateway.Connections;

/// <summary>How long a connection may be slow, how many one network may have, and whose word about addresses counts.</summary>
public sealed class ConnectionOptions
{
    /// <summary>Beside what <see cref="Transport.TransportOptions"/> reads there.</summary>
    public const string Section = Transport.TransportOptions.Section;

    /// <summary>Connections at one time from one /24 or /64, loopback too; the next is closed before TLS. Default 1,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Transport:MaxConnectionsPerNetwork must be from 1 to 1,000,000.")]
    public int MaxConnectionsPerNetwork { get; set; } = 1_000;

    /// <summary>All headers of a request have come by then, or the connection is closed. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00", ErrorMessage = "Transport:HeaderTimeout must be from 1 s to 5 minutes.")]
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection without a request is closed after this time. Default 75 s: longer than a client's pool keeps it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "Transport:KeepAliveTimeout must be from 1 s to 10 minutes.")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(75);

    /// <summary>Bytes a second, on average, at which a body must come and an answer must be taken. Default 240.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Transport:MinBytesPerSecond must be from 1 to 1,000,000.")]
    public int MinBytesPerSecond { get; set; } = 240;

    /// <summary>Before that average counts. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01.001", "00:01:00", ErrorMessage = "Transport:GracePeriod must be more than 1 s and at most 1 minute.")]
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Addresses or networks (<c>10.0.0.7</c>, <c>10.1.0.0/16</c>) of proxies in front of the gateway. Only of them X-Forwarded-For is
    /// believed: the client is its rightmost address that is not one of these. Default: none.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>The addresses of <see cref="TrustedProxies"/>.</summary>
    internal IEnumerable<IPNetwork> TrustedNetworks() => TrustedProxies.Select(text => Parse(text)!.Value);

    /// <summary>The entries that are no address and no network, or trust everybody.</summary>
    internal IEnumerable<string> WrongProxies() => TrustedProxies.Where(text => Parse(text) is not { PrefixLength: > 0 });

    private static IPNetwork? Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
        : null;
}
