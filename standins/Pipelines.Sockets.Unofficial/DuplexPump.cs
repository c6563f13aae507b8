using System.IO.Pipelines;
using System.Net.Sockets;

namespace Pipelines.Sockets.Unofficial;

/// <summary>Two loops between a pair of pipes and a wire: what arrives goes into one, what is written to the other leaves.</summary>
public abstract class DuplexPump : IMeasuredDuplexPipe, IDisposable
{
    private static readonly Func<Pipe, long>? PipeLength = typeof(Pipe)
        .GetProperty("Length", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)?
        .GetMethod?.CreateDelegate<Func<Pipe, long>>();

    private readonly PipeScheduler _sendScheduler;
    private readonly PipeScheduler _receiveScheduler;
    private readonly string _name;
    private long _received;
    private long _sent;

    private protected DuplexPump(PipeOptions? sendPipeOptions, PipeOptions? receivePipeOptions, string? name)
    {
        sendPipeOptions ??= PipeOptions.Default;
        receivePipeOptions ??= PipeOptions.Default;
        SendPipe = new Pipe(sendPipeOptions);
        ReceivePipe = new Pipe(receivePipeOptions);
        _sendScheduler = sendPipeOptions.ReaderScheduler;
        _receiveScheduler = receivePipeOptions.ReaderScheduler;
        _name = string.IsNullOrWhiteSpace(name) ? GetType().Name : name.Trim();
    }

    public PipeReader Input => ReceivePipe.Reader;

    public PipeWriter Output => SendPipe.Writer;

    public long TotalBytesReceived => Interlocked.Read(ref _received);

    public long TotalBytesSent => Interlocked.Read(ref _sent);

    private protected Pipe SendPipe { get; }

    private protected Pipe ReceivePipe { get; }

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    public override string ToString() => _name;

    /// <summary>Starts both loops. A constructor that derives from this one calls it last, when its wire is set.</summary>
    private protected void Start()
    {
        _sendScheduler.Schedule(static pump => _ = ((DuplexPump)pump!).SendAllAsync(), this);
        StartReceiving();
    }

    private protected void StartReceiving() =>
        _receiveScheduler.Schedule(static pump => _ = ((DuplexPump)pump!).ReceiveAllAsync(), this);

    /// <returns>The number of bytes put into <paramref name="buffer"/>; 0 when the other side has ended.</returns>
    private protected abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends all of <paramref name="bytes"/>.</summary>
    private protected abstract ValueTask SendAsync(ReadOnlyMemory<byte> bytes);

    private protected abstract ValueTask FlushAsync();

    /// <summary>One loop is over; its half of the wire can be shut.</summary>
    private protected abstract void Ended(PipeShutdownKind kind, Exception? error);

    private protected abstract void Close();

    private protected static long LengthOf(Pipe pipe) => PipeLength?.Invoke(pipe) ?? 0;

    private async Task ReceiveAllAsync()
    {
        var writer = ReceivePipe.Writer;
        var kind = PipeShutdownKind.None;
        Exception? error = null;
        try
        {
            while (kind == PipeShutdownKind.None)
            {
                var count = await ReceiveAsync(writer.GetMemory(1)).ConfigureAwait(false);
                if (count <= 0)
                {
                    kind = PipeShutdownKind.ReadEndOfStream;
                    break;
                }
                Interlocked.Add(ref _received, count);
                writer.Advance(count);
                var flushed = await writer.FlushAsync().ConfigureAwait(false);
                if (flushed.IsCompleted)
                    kind = PipeShutdownKind.ReadFlushCompleted;
                else if (flushed.IsCanceled)
                    kind = PipeShutdownKind.ReadFlushCanceled;
            }
        }
        catch (Exception failure)
        {
            (kind, error) = failure switch
            {
                ObjectDisposedException => (PipeShutdownKind.ReadDisposed, failure),
                SocketException => (PipeShutdownKind.ReadSocketError, failure),
                IOException => (PipeShutdownKind.ReadIOException, failure),
                _ => (PipeShutdownKind.ReadException, failure),
            };
        }

        Ended(kind, error); // before the pipe, whose reader asks for the kind as soon as it sees the end
        await writer.CompleteAsync(Translate(error)).ConfigureAwait(false);
    }

    private async Task SendAllAsync()
    {
        var reader = SendPipe.Reader;
        var kind = PipeShutdownKind.WriteEndOfStream;
        Exception? error = null;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync().ConfigureAwait(false);
                if (read.IsCanceled || (read.IsCompleted && read.Buffer.IsEmpty))
                    break;
                foreach (var segment in read.Buffer)
                    await SendAsync(segment).ConfigureAwait(false);
                await FlushAsync().ConfigureAwait(false);
                Interlocked.Add(ref _sent, read.Buffer.Length);
                reader.AdvanceTo(read.Buffer.End);
            }
        }
        catch (Exception failure)
        {
            (kind, error) = failure switch
            {
                ObjectDisposedException => (PipeShutdownKind.WriteDisposed, failure),
                SocketException => (PipeShutdownKind.WriteSocketError, failure),
                IOException => (PipeShutdownKind.WriteIOException, failure),
                _ => (PipeShutdownKind.WriteException, failure),
            };
        }

        Ended(kind, error);
        await reader.CompleteAsync(Translate(error)).ConfigureAwait(false); // whoever writes on is told so by its next flush
    }

    /// <summary>StackExchange.Redis takes a reset connection, named as such, for an ordinary end.</summary>
    private static Exception? Translate(Exception? error) => error switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => new ConnectionResetException(error.Message, error),
        ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted } => null,
        null or IOException or SocketException => error,
        _ => new IOException(error.Message, error),
    };
}
