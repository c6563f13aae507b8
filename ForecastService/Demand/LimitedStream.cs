namespace Shabou.ForecastService.Demand;

/// <summary>Reads another stream and stops with an exception as soon as more than a limit has come out of it.</summary>
/// <remarks>Around a decompressor it makes a gzip bomb harmless: no more than the limit is ever decompressed, a buffer at a time.</remarks>
/// <param name="inner">Left open.</param>
/// <param name="limit">Bytes.</param>
/// <param name="message">For the client, naming the limit.</param>
internal sealed class LimitedStream(Stream inner, long limit, string message) : Stream
{
    private long _read;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await inner.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Counted(int bytes)
    {
        _read += bytes;
        return _read <= limit ? bytes : throw new DemandTooLargeException(message);
    }
}
