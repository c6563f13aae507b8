using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>Sends bytes that no well-behaved client would, over TLS and HTTP/1.1, on one connection for as long as the gateway keeps it.</summary>
internal sealed class RawClient(GatewayHost gateway) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private TcpClient? _socket;
    private SslStream? _tls;
    private readonly byte[] _one = new byte[1];

    /// <param name="head">Request line and headers without the empty line; characters are bytes.</param>
    /// <param name="body">Sent as it is.</param>
    /// <returns>Null when the gateway closed the connection without a word.</returns>
    internal async Task<RawAnswer?> SendAsync(string head, string body, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var isNew = _tls is null;
        try
        {
            await ConnectAsync(limit.Token);
            await _tls!.WriteAsync(Encoding.Latin1.GetBytes($"{head}\r\n\r\n{body}"), limit.Token);
            return await ReadAsync(limit.Token);
        }
        catch (IOException)
        {
            await CloseAsync();
            return isNew ? null : await SendAsync(head, body, cancellationToken); // it had closed the old one meanwhile
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_tls is not null) return;
        _socket = new TcpClient { NoDelay = true };
        await _socket.ConnectAsync(gateway.Https.Host, gateway.Https.Port, cancellationToken);
        _tls = new SslStream(_socket.GetStream());
        await _tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = gateway.Https.Host, RemoteCertificateValidationCallback = (_, certificate, _, _) => gateway.Presents(certificate),
        }, cancellationToken);
    }

    private async Task<RawAnswer?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await LineAsync(cancellationToken) is not { Length: > 0 } status) throw new IOException("The connection was closed.");
        var headers = new List<string>();
        while (await LineAsync(cancellationToken) is { Length: > 0 } line) headers.Add(line);
        if (status.Contains(" 100 ", StringComparison.Ordinal)) return await ReadAsync(cancellationToken); // go on, says the gateway; we have
        var body = Value("Transfer-Encoding") == "chunked" ? await ChunksAsync(cancellationToken) : await BytesAsync(int.Parse(Value("Content-Length") ?? "0", CultureInfo.InvariantCulture), cancellationToken);
        if (Value("Connection") == "close") await CloseAsync();
        return new(int.Parse(status.Split(' ')[1], CultureInfo.InvariantCulture), headers, body);

        string? Value(string name) => headers.Find(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
    }

    private async Task<string> ChunksAsync(CancellationToken cancellationToken)
    {
        var whole = new StringBuilder();
        while (int.Parse((await LineAsync(cancellationToken))!, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            whole.Append(await BytesAsync(size, cancellationToken));
            await LineAsync(cancellationToken);
        }
        await LineAsync(cancellationToken);
        return whole.ToString();
    }

    private async Task<string> BytesAsync(int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        await _tls!.ReadExactlyAsync(bytes, cancellationToken);
        return Encoding.Latin1.GetString(bytes);
    }

    private async Task<string?> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (await _tls!.ReadAsync(_one, cancellationToken) == 1)
        {
            if (_one[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)_one[0]);
        }
        return null;
    }

    private async Task CloseAsync()
    {
        if (_tls is not null) await _tls.DisposeAsync();
        _socket?.Dispose();
        (_tls, _socket) = (null, null);
    }
}

/// <summary>An answer as it came.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyList<string> Headers, string Body);
