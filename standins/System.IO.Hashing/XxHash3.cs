using static System.Buffers.Binary.BinaryPrimitives;

namespace System.IO.Hashing;

/// <summary>XXH3, 64 bits, with a seed. StackExchange.Redis compares values by it. The algorithm has one way for each class of length.</summary>
public static class XxHash3
{
    private const ulong Prime32A = 0x9E3779B1;
    private const ulong Prime32B = 0x85EBCA77;
    private const ulong Prime32C = 0xC2B2AE3D;
    private const ulong Prime64A = 0x9E3779B185EBCA87;
    private const ulong Prime64B = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime64C = 0x165667B19E3779F9;
    private const ulong Prime64D = 0x85EBCA77C2B2AE63;
    private const ulong Prime64E = 0x27D4EB2F165667C5;
    private const ulong Mix1 = 0x165667919E3779F9;
    private const ulong Mix2 = 0x9FB21C651E98DF25;
    private const int StripeBytes = 64;
    private const int StripesPerBlock = 16;

    /// <summary>The public constant of the algorithm that keys every step; the seed shifts it.</summary>
    private static ReadOnlySpan<byte> Secret =>
    [
        0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c, 0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb,
        0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f, 0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
        0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c, 0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb,
        0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3, 0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
        0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d, 0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31,
        0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64, 0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
        0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e, 0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc,
        0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce, 0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
    ];

    public static ulong HashToUInt64(ReadOnlySpan<byte> source, long seed = 0) => source.Length switch
    {
        0 => XxHash64.Avalanche((ulong)seed ^ Key(56) ^ Key(64)),
        <= 3 => UpTo3(source, (ulong)seed),
        <= 8 => UpTo8(source, (ulong)seed),
        <= 16 => UpTo16(source, (ulong)seed),
        <= 128 => UpTo128(source, (ulong)seed),
        <= 240 => UpTo240(source, (ulong)seed),
        _ => Long(source, (ulong)seed),
    };

    private static ulong UpTo3(ReadOnlySpan<byte> source, ulong seed)
    {
        var length = source.Length;
        var combined = (uint)((source[0] << 16) | (source[length >> 1] << 24) | source[length - 1] | (length << 8));
        return XxHash64.Avalanche(combined ^ ((ReadUInt32LittleEndian(Secret) ^ ReadUInt32LittleEndian(Secret[4..])) + seed));
    }

    private static ulong UpTo8(ReadOnlySpan<byte> source, ulong seed)
    {
        seed ^= (ulong)ReverseEndianness((uint)seed) << 32;
        var input = ReadUInt32LittleEndian(source[^4..]) + ((ulong)ReadUInt32LittleEndian(source) << 32);
        var hash = input ^ ((Key(8) ^ Key(16)) - seed);
        hash ^= ulong.RotateLeft(hash, 49) ^ ulong.RotateLeft(hash, 24);
        hash *= Mix2;
        hash ^= (hash >> 35) + (ulong)source.Length;
        hash *= Mix2;
        return hash ^ (hash >> 28);
    }

    private static ulong UpTo16(ReadOnlySpan<byte> source, ulong seed)
    {
        var low = ReadUInt64LittleEndian(source) ^ ((Key(24) ^ Key(32)) + seed);
        var high = ReadUInt64LittleEndian(source[^8..]) ^ ((Key(40) ^ Key(48)) - seed);
        return Avalanche((ulong)source.Length + ReverseEndianness(low) + high + Fold(low, high));
    }

    private static ulong UpTo128(ReadOnlySpan<byte> source, ulong seed)
    {
        var hash = (ulong)source.Length * Prime64A;
        for (var pair = (source.Length - 1) / 32; pair >= 0; pair--) // from both ends towards the middle
            hash += Mix(source[(16 * pair)..], 32 * pair, seed) + Mix(source[^(16 * (pair + 1))..], 32 * pair + 16, seed);
        return Avalanche(hash);
    }

    private static ulong UpTo240(ReadOnlySpan<byte> source, ulong seed)
    {
        var hash = (ulong)source.Length * Prime64A;
        for (var i = 0; i < 8; i++)
            hash += Mix(source[(16 * i)..], 16 * i, seed);
        hash = Avalanche(hash);
        for (var i = 8; i < source.Length / 16; i++)
            hash += Mix(source[(16 * i)..], 16 * (i - 8) + 3, seed);
        return Avalanche(hash + Mix(source[^16..], 119, seed));
    }

    private static ulong Long(ReadOnlySpan<byte> source, ulong seed)
    {
        Span<byte> secret = stackalloc byte[Secret.Length];
        for (var i = 0; i < secret.Length; i += 16)
        {
            WriteUInt64LittleEndian(secret[i..], Key(i) + seed);
            WriteUInt64LittleEndian(secret[(i + 8)..], Key(i + 8) - seed);
        }
        Span<ulong> lanes = [Prime32C, Prime64A, Prime64B, Prime64C, Prime64D, Prime32B, Prime64E, Prime32A];
        var stripes = (source.Length - 1) / StripeBytes; // whole ones before the last, which is read from the end
        for (var stripe = 0; stripe < stripes; stripe++)
        {
            Accumulate(lanes, source[(stripe * StripeBytes)..], secret[(stripe % StripesPerBlock * 8)..]);
            if (stripe % StripesPerBlock == StripesPerBlock - 1)
                Scramble(lanes, secret[^StripeBytes..]);
        }
        Accumulate(lanes, source[^StripeBytes..], secret[^(StripeBytes + 7)..]);
        return Merge(lanes, secret[11..], (ulong)source.Length * Prime64A);
    }

    private static void Accumulate(Span<ulong> lanes, ReadOnlySpan<byte> stripe, ReadOnlySpan<byte> secret)
    {
        for (var i = 0; i < 8; i++)
        {
            var value = ReadUInt64LittleEndian(stripe[(8 * i)..]);
            var keyed = value ^ ReadUInt64LittleEndian(secret[(8 * i)..]);
            lanes[i ^ 1] += value;
            lanes[i] += (keyed & uint.MaxValue) * (keyed >> 32);
        }
    }

    private static void Scramble(Span<ulong> lanes, ReadOnlySpan<byte> secret)
    {
        for (var i = 0; i < 8; i++)
            lanes[i] = (lanes[i] ^ (lanes[i] >> 47) ^ ReadUInt64LittleEndian(secret[(8 * i)..])) * Prime32A;
    }

    private static ulong Merge(Span<ulong> lanes, ReadOnlySpan<byte> secret, ulong hash)
    {
        for (var i = 0; i < 8; i += 2)
            hash += Fold(lanes[i] ^ ReadUInt64LittleEndian(secret[(8 * i)..]), lanes[i + 1] ^ ReadUInt64LittleEndian(secret[(8 * i + 8)..]));
        return Avalanche(hash);
    }

    private static ulong Mix(ReadOnlySpan<byte> source, int key, ulong seed) =>
        Fold(ReadUInt64LittleEndian(source) ^ (Key(key) + seed), ReadUInt64LittleEndian(source[8..]) ^ (Key(key + 8) - seed));

    private static ulong Key(int offset) => ReadUInt64LittleEndian(Secret[offset..]);

    private static ulong Fold(ulong left, ulong right) => Math.BigMul(left, right, out var low) ^ low;

    private static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ (hash >> 37)) * Mix1;
        return hash ^ (hash >> 32);
    }
}
