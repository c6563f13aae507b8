using System.Buffers.Binary;
using System.IO.Compression;

namespace Shabou.ServiceDefaults.Limits;

/// <summary>Decompresses gzip and makes sure that all of it came: .NET takes the end of a file that was cut short for its end.</summary>
/// <remarks>The last four bytes of gzip are the decompressed length. A file of several gzip parts put together is refused too: only the
/// last part's length stands there.</remarks>
public sealed class WholeGzipStream : ForwardStream
{
    private readonly Tail _tail;
    private readonly GZipStream _gzip;
    private uint _length; // modulo 2^32, as in the file

    public WholeGzipStream(Stream compressed)
    {
        _tail = new Tail(compressed);
        _gzip = new GZipStream(_tail, CompressionMode.Decompress);
    }

    /// <exception cref="InvalidDataException">It is damaged or cut short.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await _gzip.ReadAsync(buffer, cancellationToken);
        _length += (uint)bytes;
        if (bytes == 0 && buffer.Length > 0 && _tail.LastFour != _length) throw new InvalidDataException("The gzip stream is not whole.");
        return bytes;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _gzip.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Remembers the last four bytes that went through.</summary>
    private sealed class Tail(Stream inner) : ForwardStream
    {
        private readonly byte[] _last = new byte[4];

        public uint LastFour => BinaryPrimitives.ReadUInt32LittleEndian(_last);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var bytes = await inner.ReadAsync(buffer, cancellationToken);
            var kept = Math.Max(0, 4 - bytes);
            _last.AsSpan(4 - kept).CopyTo(_last);
            buffer.Span[Math.Max(0, bytes - 4)..bytes].CopyTo(_last.AsSpan(kept));
            return bytes;
        }
    }
}
