using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.RateLimiting;

/// <summary>Whose quota a request counts against: the key's or person's, else the network's, since one person commands a whole /24 or
/// /64. Of the address only the connection is asked, never a header that the caller can write.</summary>
internal static class ClientSubject
{
    internal static string Of(HttpContext http) => IdOf(http) is { } id ? $"key:{id}" : OfNetwork(http);

    internal static string OfNetwork(HttpContext http) => $"net:{NetworkOf(http.Connection.RemoteIpAddress)}";

    internal static string? IdOf(HttpContext http) => http.User.FindFirstValue(ClientClaims.Subject);

    internal static string NetworkOf(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var kept = address.AddressFamily == AddressFamily.InterNetwork ? 3 : 8;
        Span<byte> bytes = stackalloc byte[kept == 3 ? 4 : 16];
        address.TryWriteBytes(bytes, out _);
        bytes[kept..].Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
