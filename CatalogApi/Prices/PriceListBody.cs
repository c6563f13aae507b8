using System.Buffers;
using Shabou.ServiceDefaults.Limits;

namespace Shabou.CatalogApi.Prices;

/// <summary>The upload cannot be read as a whole; the message, for the client, says why.</summary>
internal sealed class PriceListUnreadableException(string message) : Exception(message);

/// <summary>The body of an upload as rows, whatever its form.</summary>
internal static class PriceListBody
{
    /// <summary>Whether this is CSV; <see langword="null"/> when it is neither CSV nor JSON.</summary>
    public static bool? IsCsv(HttpRequest request) =>
        request.HasJsonContentType() ? false : request.GetTypedHeaders().ContentType?.MediaType == "text/csv" ? true : null;

    /// <summary>Whether <c>Content-Encoding</c> is one that is read here.</summary>
    public static bool IsKnownEncoding(HttpRequest request) => request.Headers.ContentEncoding.ToString().ToUpperInvariant() is "" or "GZIP" or "IDENTITY";

    /// <summary>Opens a plain body, or one in gzip, told by its first bytes: no more than 10 MiB on the wire, and no more out of the decompressor.</summary>
    /// <exception cref="BadHttpRequestException">413: more than that is announced. Reading throws it when more arrive.</exception>
    public static async Task<Stream> OpenAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > RequestLimits.MaxBodyBytes) throw TooLarge();
        var start = await request.BodyReader.ReadAtLeastAsync(2, cancellationToken);
        var isGzip = IsGzip(start.Buffer);
        request.BodyReader.AdvanceTo(start.Buffer.Start);
        if (!isGzip && request.Headers.ContentEncoding.ToString().Equals("gzip", StringComparison.OrdinalIgnoreCase))
            throw new PriceListUnreadableException("The Content-Encoding is gzip, but the body is not; leave the header out or compress the body.");

        var body = new LimitedStream(request.BodyReader.AsStream(), RequestLimits.MaxBodyBytes, TooLarge);
        return isGzip ? new LimitedStream(new WholeGzipStream(body), RequestLimits.MaxBodyBytes, TooLarge) : body;
    }

    private static bool IsGzip(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < 2) return false;
        Span<byte> magic = stackalloc byte[2];
        buffer.Slice(0, 2).CopyTo(magic);
        return magic is [0x1f, 0x8b];
    }

    private static BadHttpRequestException TooLarge() => new("The price list is too large.", StatusCodes.Status413PayloadTooLarge);
}
