using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.LocalHost;

/// <summary>
/// One public port before several replicas. It knows TCP only: each connection goes to the next replica that accepts, and stays there.
/// When none runs the port is closed, so that callers are refused as they are by a single process that is gone.
/// </summary>
internal sealed class ReplicaProxy(int port, Func<IReadOnlyList<int>> targets) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Socket> _listeners = [];
    private uint _next;

    /// <summary>Opens or closes the port to match what runs now.</summary>
    public void Update()
    {
        lock (_gate)
        {
            if (targets().Count == 0)
                Close();
            else if (_listeners.Count == 0)
                Open();
        }
    }

    public void Dispose()
    {
        lock (_gate)
            Close();
    }

    private void Open()
    {
        foreach (var address in Socket.OSSupportsIPv6 ? new[] { IPAddress.Loopback, IPAddress.IPv6Loopback } : [IPAddress.Loopback])
        {
            var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                listener.Bind(new IPEndPoint(address, port));
                listener.Listen(512);
                _listeners.Add(listener);
                _ = AcceptAsync(listener);
            }
            catch (SocketException) when (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                listener.Dispose(); // A machine without ::1; 127.0.0.1 is enough.
            }
        }
    }

    private void Close()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        _listeners.Clear();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                _ = ForwardAsync(await listener.AcceptAsync());
            }
            catch (Exception error) when (error is ObjectDisposedException or SocketException)
            {
                if (!listener.IsBound || error is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
                    return;
            }
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using (client)
        {
            using var server = await ConnectAsync();
            if (server is null)
                return;
            client.NoDelay = server.NoDelay = true;
            await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
        }
    }

    private async Task<Socket?> ConnectAsync()
    {
        var ports = targets();
        var first = Interlocked.Increment(ref _next);
        for (var i = 0u; i < ports.Count; i++)
        {
            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, ports[(int)((first + i) % (uint)ports.Count)]);
                return server;
            }
            catch (SocketException)
            {
                server.Dispose(); // Starting or just gone: the next one may do.
            }
        }

        return null;
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One side broke off: end both, so that the other side is not left waiting.
            from.Dispose();
            to.Dispose();
        }
    }
}
