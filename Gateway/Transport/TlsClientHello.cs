using System.Buffers;

namespace Shabou.Gateway.Transport;

/// <summary>Reads from a client's first message whether it speaks TLS 1.3 (RFC 8446, 4.1.2 and 4.2.1).</summary>
internal static class TlsClientHello
{
    private const int Headers = 5 + 4 + 2 + 32; // record, message, version, random
    private const short SupportedVersions = 43;
    private const short Tls13 = 0x0304;

    /// <returns>False also for what is broken or in several records; that is TLS's own to judge.</returns>
    internal static bool OffersTls13(ReadOnlySequence<byte> bytes)
    {
        var hello = new SequenceReader<byte>(bytes);
        if (!TrySkip(ref hello, Headers) || !TrySkipShort(ref hello) || !TrySkipLong(ref hello) || !TrySkipShort(ref hello) || !hello.TryReadBigEndian(out short _))
            return false; // session, suites, compression, length of the extensions
        while (hello.TryReadBigEndian(out short type) && hello.TryReadBigEndian(out short length))
        {
            if (type == SupportedVersions)
                return HasTls13(ref hello);
            if (!TrySkip(ref hello, (ushort)length))
                return false;
        }
        return false;
    }

    private static bool HasTls13(ref SequenceReader<byte> versions)
    {
        if (!versions.TryRead(out var length))
            return false;
        for (; length >= 2 && versions.TryReadBigEndian(out short version); length -= 2)
            if (version == Tls13)
                return true;
        return false;
    }

    private static bool TrySkipShort(ref SequenceReader<byte> bytes) => bytes.TryRead(out var length) && TrySkip(ref bytes, length);

    private static bool TrySkipLong(ref SequenceReader<byte> bytes) => bytes.TryReadBigEndian(out short length) && TrySkip(ref bytes, (ushort)length);

    private static bool TrySkip(ref SequenceReader<byte> bytes, int count)
    {
        if (bytes.Remaining < count)
            return false;
        bytes.Advance(count);
        return true;
    }
}
