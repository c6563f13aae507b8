using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>Streams as pipes; StackExchange.Redis uses it for TLS.</summary>
public static class StreamConnection
{
    public static IDuplexPipe GetDuplex(Stream stream, PipeOptions? sendPipeOptions, PipeOptions? receivePipeOptions, string? name = null) =>
        new StreamPump(stream, sendPipeOptions, receivePipeOptions, name, sends: true);

    public static PipeReader GetReader(Stream stream, PipeOptions? pipeOptions = null, string? name = null) =>
        new StreamPump(stream, null, pipeOptions, name, sends: false).Input;

    private sealed class StreamPump : DuplexPump
    {
        private readonly Stream _stream;

        internal StreamPump(Stream stream, PipeOptions? sendPipeOptions, PipeOptions? receivePipeOptions, string? name, bool sends)
            : base(sendPipeOptions, receivePipeOptions, name)
        {
            ArgumentNullException.ThrowIfNull(stream);
            _stream = stream;
            if (sends)
                Start();
            else
                StartReceiving();
        }

        private protected override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _stream.ReadAsync(buffer);

        private protected override ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes);

        private protected override ValueTask FlushAsync() => new(_stream.FlushAsync());

        private protected override void Ended(PipeShutdownKind kind, Exception? error)
        {
        }

        private protected override void Close() => _stream.Dispose();
    }
}
