using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Aspire.Hosting.LocalHost;

/// <summary>Gives out ports on the loopback addresses.</summary>
internal sealed class Ports
{
    // Below what the kernel gives to outgoing connections, so that none of those takes a port between our choice and the child's bind.
    private const int First = 20_000;
    private const int Last = 32_000;
    private readonly HashSet<int> _given = [];

    public int Free()
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last);
            if (!_given.Contains(port) && IsFree(port))
            {
                _given.Add(port);
                return port;
            }
        }

        throw new LocalHostException($"No free port was found between {First} and {Last}: end programs that hold them.");
    }

    /// <exception cref="LocalHostException">Someone listens there.</exception>
    public int Fixed(int port, string resource)
    {
        if (!IsFree(port))
            throw new LocalHostException($"Port {port} that resource '{resource}' listens on is in use: stop the program that holds it ('ss -ltnp sport = :{port}' shows which), then start again.");

        _given.Add(port);
        return port;
    }

    private static bool IsFree(int port) => CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    private static bool CanListen(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return true; // No such address on this machine: nobody listens there.
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
