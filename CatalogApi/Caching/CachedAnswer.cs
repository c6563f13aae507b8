using System.Text.Json;
using StackExchange.Redis;

namespace Shabou.CatalogApi.Caching;

/// <summary>An answer's body and what its headers need.</summary>
/// <param name="Body">JSON. Never changed once made.</param>
/// <param name="ETag">Quotes included.</param>
/// <param name="Next">Cursor of the next page, or null.</param>
internal sealed record CachedAnswer(byte[] Body, string ETag, string? Next = null)
{
    /// <summary>The head as JSON, its length in front of it, and the body as it is.</summary>
    public byte[] ToBytes()
    {
        var head = JsonSerializer.SerializeToUtf8Bytes(new Head(ETag, Next));
        return [.. BitConverter.GetBytes(head.Length), .. head, .. Body];
    }

    public static CachedAnswer? FromBytes(RedisValue value)
    {
        if ((byte[]?)value is not { Length: > sizeof(int) } bytes) return null;
        var length = BitConverter.ToInt32(bytes);
        if (length <= 0 || length > bytes.Length - sizeof(int)) return null;
        return JsonSerializer.Deserialize<Head>(bytes.AsSpan(sizeof(int), length)) is { } head ? new(bytes[(sizeof(int) + length)..], head.ETag, head.Next) : null;
    }

    private sealed record Head(string ETag, string? Next);
}
