using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Shabou.Schema.Connections;

/// <summary>Cuts this process's connections to a server that hangs, as if it had died: whoever waits on one hears so at once.</summary>
/// <remarks>The driver can end a command, but not one that is the first of a transaction or of a connection's use: that waits for the command's whole time. Nor
/// does it let anybody near its sockets, so they are found where the system lists them. On systems other than Linux nothing is cut, and such a command waits.</remarks>
internal static partial class CutConnections
{
    private const string OpenFiles = "/proc/self/fd";
    private const int Both = 2;

    public static void To(string host, int port)
    {
        if (!OperatingSystem.IsLinux()) return;
        var servers = Dns.GetHostAddresses(host).Select(address => new IPEndPoint(Plain(address), port)).ToHashSet();
        foreach (var entry in Directory.EnumerateFileSystemEntries(OpenFiles))
            if (int.TryParse(Path.GetFileName(entry.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var file) && PeerOf(file) is { } peer && servers.Contains(peer))
                _ = Shutdown(file, Both); // one that was closed meanwhile needs none
    }

    /// <summary>Null: it is no connection over IP.</summary>
    private static IPEndPoint? PeerOf(int file)
    {
        const int family = 2, portAt = 2, v4At = 4, v4End = 8, v6At = 8, v6End = 24; // struct sockaddr_in and sockaddr_in6
        const ushort v4 = 2, v6 = 10; // AF_INET and AF_INET6
        Span<byte> address = stackalloc byte[128];
        var length = address.Length;
        if (GetPeerName(file, address, ref length) != 0 || length < family) return null;
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[portAt..]);
        return MemoryMarshal.Read<ushort>(address) switch
        {
            v4 => new(new IPAddress(address[v4At..v4End]), port),
            v6 => new(Plain(new IPAddress(address[v6At..v6End])), port),
            _ => null,
        };
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    [LibraryImport("libc", EntryPoint = "getpeername")] private static partial int GetPeerName(int socket, Span<byte> address, ref int length);

    [LibraryImport("libc", EntryPoint = "shutdown")] private static partial int Shutdown(int socket, int how);
}
