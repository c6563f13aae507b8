using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Shabou.ServiceDefaults.Network;

/// <summary>Only the gateway is reached from outside: a service that listens on a public address, or on all of them, does not start.</summary>
internal sealed class InternalNetwork(IServer server, IOptions<NetworkOptions> options) : IHostedLifecycleService
{
    /// <exception cref="InvalidOperationException">The server listens on an address that others than our own can reach.</exception>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Asked after binding, as only then it is known where: names, ports and code of Kestrel's options have been worked out.
        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            if (!IsInternal(address, options.Value.AnyAddress))
                throw new InvalidOperationException(
                    $"This service would listen on {address}, where others than the gateway can reach it: bind a loopback or private address (ASPNETCORE_URLS), or set Network:AnyAddress to true in a container whose ports are not published.");
        }
        return Task.CompletedTask;
    }

    internal static bool IsInternal(string address, bool anyAddress)
    {
        var authority = address[(address.IndexOf("://", StringComparison.Ordinal) + 3)..];
        if (authority.StartsWith("unix:/", StringComparison.OrdinalIgnoreCase) || authority.StartsWith("pipe:/", StringComparison.OrdinalIgnoreCase)) return true;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return false;
        return IPAddress.TryParse(uri.IdnHost, out var ip) ? IsInternal(ip, anyAddress) : uri.IsLoopback;
    }

    // Loopback, link-local, RFC 1918, RFC 4193.
    private static bool IsInternal(IPAddress ip, bool anyAddress)
    {
        if (ip.IsIPv4MappedToIPv6) ip = ip.MapToIPv4();
        if (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)) return anyAddress;
        if (IPAddress.IsLoopback(ip)) return true;
        if (ip.AddressFamily == AddressFamily.InterNetworkV6) return ip.IsIPv6LinkLocal || ip.IsIPv6UniqueLocal;
        return ip.GetAddressBytes() is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [169, 254, ..];
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

internal static class Network
{
    public static void AddInternalNetwork(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<NetworkOptions>().BindConfiguration(NetworkOptions.Section).ValidateOnStart();
        builder.Services.AddHostedService<InternalNetwork>();
    }
}
