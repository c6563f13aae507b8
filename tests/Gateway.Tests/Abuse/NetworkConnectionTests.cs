using System.Net;
using System.Net.Sockets;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Abuse;

public sealed class NetworkConnectionTests(GatewayFixture fixture)
{
    private const int Allowed = 20;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https")]
    [InlineData("http")]
    public async Task One_network_cannot_take_all_connections(string scheme)
    {
        using var gateway = fixture.Gateway(("Transport:MaxConnectionsPerNetwork", $"{Allowed}"));
        var address = scheme == "https" ? gateway.Https : gateway.Http;
        var open = new List<Open>();
        try
        {
            for (var i = 0; i < Allowed + 5; i++)
                open.Add(await ConnectAsync($"127.0.0.{i + 1}", address)); // all of one /24
            for (var refused = 0; refused < 5;) // whichever: they are served side by side
            {
                await Task.WhenAny(open.Select(connection => connection.Closed)).WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
                refused += open.RemoveAll(connection => connection.Closed.IsCompleted);
            }
            var other = await ConnectAsync("127.0.1.1", address);
            open.Add(other);

            var left = open[0];
            open.Remove(left);
            left.Socket.Dispose();
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            limit.CancelAfter(TimeSpan.FromSeconds(20));
            Open next;
            do
            {
                next = await ConnectAsync("127.0.0.99", address);
                open.Add(next);
                await tick.WaitForNextTickAsync(limit.Token);
            }
            while (next.Closed.IsCompleted && open.Remove(next)); // until it gets the place that became free
            Assert.False(other.Closed.IsCompleted);
            Assert.Equal(Allowed + 1, open.Count(connection => !connection.Closed.IsCompleted));
        }
        finally
        {
            foreach (var connection in open)
                connection.Socket.Dispose();
        }
    }

    [Fact]
    public async Task A_trusted_proxy_may_bring_as_many_as_the_gateway_takes()
    {
        using var gateway = fixture.Gateway(("Transport:MaxConnectionsPerNetwork", "1"), ("Transport:TrustedProxies:0", "127.0.0.0/24"));
        for (var i = 0; i < 5; i++)
        {
            using var client = gateway.Client();
            using var held = (await ConnectAsync("127.0.0.7", gateway.Https)).Socket;
            using var response = await client.GetAsync(new Uri("/alive", UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static async Task<Open> ConnectAsync(string from, Uri address)
    {
        var socket = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0));
        var connecting = socket.ConnectAsync(address.Host, address.Port, Cancelled).AsTask();
        await connecting.ContinueWith(static _ => { }, TaskScheduler.Default); // a connection may be refused that fast
        return new Open(socket, ReadAsync());

        async Task ReadAsync()
        {
            try
            {
                await connecting;
                await socket.GetStream().ReadExactlyAsync(new byte[1], Cancelled);
            }
            catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
            {
                // closed
            }
        }
    }

    private sealed record Open(TcpClient Socket, Task Closed);
}
