using System.Net;
using System.Net.Sockets;

namespace Shabou.Testing;

/// <summary>A wire to a server that a test can cut and mend: what one replica sees when the network fails and the server does not.</summary>
public sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _host;
    private readonly int _port;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private CancellationTokenSource _whole = new();
    private volatile bool _cut;

    /// <param name="host">The server's.</param>
    /// <param name="port">The server's.</param>
    public Wire(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>This end, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends every connection and refuses new ones until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _cut = true;
        Interlocked.Exchange(ref _whole, new()).Cancel();
    }

    public void Mend() => _cut = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_stop.Token);
                if (_cut) near.Dispose();
                else _ = CarryAsync(near, _whole.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // disposed
        }
    }

    private async Task CarryAsync(TcpClient near, CancellationToken whole)
    {
        using var _ = near;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(_host, _port, whole);
            var (a, b) = (near.GetStream(), far.GetStream());
            await Task.WhenAny(a.CopyToAsync(b, whole), b.CopyToAsync(a, whole));
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
        {
            // cut, or one end closed
        }
    }
}
