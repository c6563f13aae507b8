using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Abuse;

/// <summary>A client that says exactly what a test wants, over TLS, and sees exactly what comes back.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _socket = new();
    private SslStream? _tls;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    internal SslStream Stream => _tls ?? throw new InvalidOperationException("Not connected yet.");

    internal static async Task<RawConnection> OpenAsync(Uri address, SslApplicationProtocol? protocol = null)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(address.Host, address.Port, Cancelled);
        connection._socket.NoDelay = true;
        connection._tls = new SslStream(connection._socket.GetStream());
#pragma warning disable CA5359 // the test's own certificate; who answers is not what these tests are about
        await connection._tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = address.Host, ApplicationProtocols = [protocol ?? SslApplicationProtocol.Http11], RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        }, Cancelled);
#pragma warning restore CA5359
        return connection;
    }

    internal ValueTask SendAsync(string text) => Stream.WriteAsync(Encoding.Latin1.GetBytes(text), Cancelled);

    /// <summary>The head of a POST; its body is up to the test.</summary>
    internal ValueTask SendHeadAsync(string path, IssuedKey key, params string[] headers) => SendAsync(string.Create(CultureInfo.InvariantCulture,
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {key.Secret}\r\nContent-Type: text/csv\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n"));

    /// <summary>What comes until the other side closes; empty when it only closes.</summary>
    internal async Task<string> ReadToEndAsync()
    {
        using var answer = new MemoryStream();
        try
        {
            await Stream.CopyToAsync(answer, Cancelled);
        }
        catch (IOException)
        {
            // closed without ceremony
        }
        return Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length);
    }

    /// <summary>Ends what this side says; the other may still answer.</summary>
    internal async Task EndAsync()
    {
        await Stream.ShutdownAsync();
        _socket.Client.Shutdown(SocketShutdown.Send);
    }

    public async ValueTask DisposeAsync()
    {
        if (_tls is not null)
            await _tls.DisposeAsync();
        _socket.Dispose();
    }
}
