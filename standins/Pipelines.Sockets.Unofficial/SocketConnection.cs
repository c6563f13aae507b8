// Stand-in for the package Pipelines.Sockets.Unofficial 2.2.16: the members that the genuine StackExchange.Redis 2.13.23
// binds to, and no others. Delete this folder when the feed has the package; with UseAspire=true the switch already ignores it.

using System.IO.Pipelines;
using System.Net.Sockets;

namespace Pipelines.Sockets.Unofficial;

/// <summary>A connected socket as a pair of pipes. Disposing it closes the socket.</summary>
public sealed class SocketConnection : DuplexPump
{
    private readonly Socket _socket;
    private int _shutdownKind;

    private SocketConnection(Socket socket, PipeOptions? sendPipeOptions, PipeOptions? receivePipeOptions, string? name)
        : base(sendPipeOptions, receivePipeOptions, name)
    {
        _socket = socket;
        Start();
    }

    /// <summary>How the connection first came to its end.</summary>
    public PipeShutdownKind ShutdownKind => (PipeShutdownKind)Volatile.Read(ref _shutdownKind);

    public SocketError SocketError { get; private set; }

    public long BytesRead => TotalBytesReceived;

    public long BytesSent => TotalBytesSent;

    public int LastReceived { get; private set; }

    /// <summary>Nothing here depends on what may be missing at run time.</summary>
    public static void AssertDependencies()
    {
    }

    public static SocketConnection Create(
        Socket socket,
        PipeOptions? sendPipeOptions,
        PipeOptions? receivePipeOptions,
        SocketConnectionOptions socketConnectionOptions = SocketConnectionOptions.None,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentOutOfRangeException.ThrowIfNotEqual(socketConnectionOptions, SocketConnectionOptions.None);
        return new SocketConnection(socket, sendPipeOptions, receivePipeOptions, name);
    }

    public static void SetRecommendedClientOptions(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.AddressFamily != AddressFamily.Unix)
            socket.NoDelay = true;
    }

    /// <summary>Says that the protocol itself ended the connection; <see langword="false"/> when it had ended before.</summary>
    public bool TrySetProtocolShutdown(PipeShutdownKind kind) =>
        kind is PipeShutdownKind.ProtocolExitClient or PipeShutdownKind.ProtocolExitServer && TrySetShutdown(kind);

    public Counters GetCounters() => new(AvailableOnSocket(), LengthOf(SendPipe), LengthOf(ReceivePipe));

    private protected override async ValueTask<int> ReceiveAsync(Memory<byte> buffer) =>
        LastReceived = await _socket.ReceiveAsync(buffer, SocketFlags.None).ConfigureAwait(false);

    private protected override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false)..];
    }

    private protected override ValueTask FlushAsync() => default;

    private protected override void Ended(PipeShutdownKind kind, Exception? error)
    {
        if (TrySetShutdown(kind) && error is SocketException failure)
            SocketError = failure.SocketErrorCode;
        Quietly(() => _socket.Shutdown(kind < PipeShutdownKind.WriteEndOfStream ? SocketShutdown.Receive : SocketShutdown.Send));
    }

    private protected override void Close()
    {
        TrySetShutdown(PipeShutdownKind.PipeDisposed);
        Quietly(() => _socket.Shutdown(SocketShutdown.Both));
        _socket.Dispose();
    }

    private bool TrySetShutdown(PipeShutdownKind kind) => Interlocked.CompareExchange(ref _shutdownKind, (int)kind, 0) == 0;

    private int AvailableOnSocket()
    {
        var available = 0;
        Quietly(() => available = _socket.Available);
        return available;
    }

    /// <summary>The socket may be closed by its other user at any moment; then there is nothing left to do.</summary>
    private static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
        }
    }

    /// <summary>Bytes under way at one moment, for messages about timeouts.</summary>
    public readonly struct Counters
    {
        internal Counters(long onSocket, long toBeSent, long toBeRead) =>
            (BytesAvailableOnSocket, BytesWaitingToBeSent, BytesWaitingToBeRead) = (onSocket, toBeSent, toBeRead);

        public long BytesAvailableOnSocket { get; }

        public long BytesWaitingToBeSent { get; }

        public long BytesWaitingToBeRead { get; }
    }
}
