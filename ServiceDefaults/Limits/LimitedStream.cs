namespace Shabou.ServiceDefaults.Limits;

/// <summary>Reads another stream and stops with an exception as soon as more than a limit has come out of it.</summary>
/// <remarks>Around a decompressor it makes a gzip bomb harmless: no more than the limit is ever decompressed, a buffer at a time.</remarks>
/// <param name="inner">Left open.</param>
/// <param name="limit">Bytes.</param>
/// <param name="tooLarge">Makes the exception, whose message names the limit.</param>
public sealed class LimitedStream(Stream inner, long limit, Func<Exception> tooLarge) : ForwardStream
{
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await inner.ReadAsync(buffer, cancellationToken);
        _read += bytes;
        return _read <= limit ? bytes : throw tooLarge();
    }
}
