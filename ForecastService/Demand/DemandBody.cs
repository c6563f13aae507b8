using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Limits;

namespace Shabou.ForecastService.Demand;

/// <summary>Opens the body of an import: plain or gzip, told by Content-Encoding or by its first bytes, within both limits.</summary>
internal sealed class DemandBody(IOptions<DemandOptions> options)
{
    /// <exception cref="DemandTooLargeException">More than 10 MiB are announced. Reading throws it when more arrive, or more come out
    /// of the decompressor than <see cref="DemandOptions.MaxDecompressedBytes"/>.</exception>
    public async Task<Stream> OpenAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var tooLarge = $"A body may have {RequestLimits.MaxBodyBytes:N0} bytes at most; compress it with gzip or send it in parts.";
        if (request.ContentLength > RequestLimits.MaxBodyBytes) throw new DemandTooLargeException(tooLarge);
        var start = await request.BodyReader.ReadAtLeastAsync(2, cancellationToken);
        var magic = new byte[2];
        var isGzip = start.Buffer.Length >= 2 && CopyStart(start.Buffer, magic) is [0x1f, 0x8b];
        request.BodyReader.AdvanceTo(start.Buffer.Start);

        var body = new LimitedStream(request.BodyReader.AsStream(), RequestLimits.MaxBodyBytes, () => new DemandTooLargeException(tooLarge));
        var said = request.Headers.ContentEncoding.ToString();
        if (!isGzip && said.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            throw new DemandUnreadableException("The Content-Encoding is gzip, but the body is not; leave the header out or compress the body.");
        if (!isGzip) return body;
        var limit = options.Value.MaxDecompressedBytes;
        return new LimitedStream(new WholeGzipStream(body), limit,
            () => new DemandTooLargeException($"A body may have {limit:N0} bytes at most after decompression; send it in parts."));
    }

    private static byte[] CopyStart(System.Buffers.ReadOnlySequence<byte> buffer, byte[] start)
    {
        System.Buffers.BuffersExtensions.CopyTo(buffer.Slice(0, start.Length), start);
        return start;
    }
}
