using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.RateLimiting;

/// <summary>Whose quota a request counts against: the key's, else the network's, since one person commands a whole /24 or /64.</summary>
internal static class ClientSubject
{
    internal static string Of(HttpContext http) => http.User.FindFirstValue(ClientClaims.Subject) is { } id
        ? $"key:{id}"
        : $"net:{NetworkOf(http.Connection.RemoteIpAddress)}";

    internal static string NetworkOf(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        var kept = address.AddressFamily == AddressFamily.InterNetwork ? 3 : 8;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
