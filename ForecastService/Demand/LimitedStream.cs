namespace Shabou.ForecastService.Demand;

/// <summary>Reads another stream and stops with an exception as soon as more than a limit has come out of it.</summary>
/// <remarks>Around a decompressor it makes a gzip bomb harmless: no more than the limit is ever decompressed, a buffer at a time.</remarks>
/// <param name="inner">Left open.</param>
/// <param name="limit">Bytes.</param>
/// <param name="message">For the client, naming the limit.</param>
internal sealed class LimitedStream(Stream inner, long limit, string message) : ForwardStream
{
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await inner.ReadAsync(buffer, cancellationToken);
        _read += bytes;
        return _read <= limit ? bytes : throw new DemandTooLargeException(message);
    }
}
