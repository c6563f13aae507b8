using System.Buffers.Binary;
using System.Net.Security;
using System.Text;

namespace Shabou.Gateway.Tests.Abuse;

/// <summary>HTTP/2 written by hand (RFC 9113), so that a test can break its rules.</summary>
internal sealed class Http2Frames(RawConnection connection) : IAsyncDisposable
{
    internal const byte Data = 0, Headers = 1, ResetStream = 3, Settings = 4, Ping = 6, GoAway = 7, Continuation = 9;
    internal const byte EndStream = 1, EndHeaders = 4;
    private const int FrameHead = 9;

    private readonly MemoryStream _out = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    internal static async Task<Http2Frames> OpenAsync(Uri address)
    {
        var connection = await RawConnection.OpenAsync(address, SslApplicationProtocol.Http2);
        var frames = new Http2Frames(connection);
        await connection.Stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), Cancelled);
        await frames.Add(Settings, 0, 0, []).SendAsync();
        return frames;
    }

    /// <summary>Keeps a frame until <see cref="SendAsync"/>.</summary>
    internal Http2Frames Add(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[FrameHead];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8);
        head[3] = type;
        head[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        _out.Write(head);
        _out.Write(payload);
        return this;
    }

    /// <summary>A GET of a path, with headers that no table remembers.</summary>
    internal Http2Frames AddGet(int stream, string path, params (string Name, string Value)[] headers) => Add(Headers, EndStream | EndHeaders, stream, Get(path, headers));

    internal Http2Frames AddReset(int stream) => Add(ResetStream, 0, stream, [0, 0, 0, 8]); // CANCEL

    internal async Task SendAsync()
    {
        var bytes = _out.ToArray();
        _out.SetLength(0);
        await connection.Stream.WriteAsync(bytes, Cancelled);
    }

    /// <summary>Frames until the other side closes.</summary>
    internal async Task<List<Frame>> ReadToEndAsync()
    {
        var frames = new List<Frame>();
        while (await ReadAsync() is { } frame)
            frames.Add(frame);
        return frames;
    }

    /// <summary>The next frame, or null when the other side has closed.</summary>
    internal async Task<Frame?> ReadAsync()
    {
        var head = new byte[FrameHead];
        try
        {
            await connection.Stream.ReadExactlyAsync(head, Cancelled);
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
            await connection.Stream.ReadExactlyAsync(payload, Cancelled);
            return new Frame(head[3], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await _out.DisposeAsync();
    }

    internal static byte[] Get(string path, params (string Name, string Value)[] headers)
    {
        using var block = new MemoryStream();
        block.WriteByte(0x82); // :method GET
        block.WriteByte(0x87); // :scheme https
        block.WriteByte(0x04); // :path, literal
        Literal(block, path);
        block.WriteByte(0x01); // :authority, literal
        Literal(block, "localhost");
        foreach (var (name, value) in headers)
            Header(block, name, value);
        return block.ToArray();
    }

    internal static byte[] Header(string name, string value)
    {
        using var block = new MemoryStream();
        Header(block, name, value);
        return block.ToArray();
    }

    private static void Header(MemoryStream block, string name, string value)
    {
        block.WriteByte(0x00); // literal, new name, not remembered
        Literal(block, name);
        Literal(block, value);
    }

    private static void Literal(MemoryStream block, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        if (bytes.Length < 127)
        {
            block.WriteByte((byte)bytes.Length);
        }
        else
        {
            block.WriteByte(127);
            var rest = bytes.Length - 127;
            for (; rest >= 128; rest >>= 7)
                block.WriteByte((byte)(rest & 127 | 128));
            block.WriteByte((byte)rest);
        }
        block.Write(bytes);
    }

    internal sealed record Frame(byte Type, int Stream, byte[] Payload)
    {
        /// <summary>Why, of GOAWAY and RST_STREAM.</summary>
        internal int Reason => BinaryPrimitives.ReadInt32BigEndian(Payload.AsSpan(Type == GoAway ? 4 : 0));
    }
}
