using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Shabou.PlacesSimulator.Access;

namespace Shabou.PlacesSimulator.Search;

/// <summary>Opaque page tokens: the offset, signed together with the query that it belongs to.</summary>
/// <remarks>They need no memory, so they outlive a restart of the simulator, as Google's outlive one of theirs.</remarks>
internal sealed class PageTokens(IOptions<PlacesOptions> options)
{
    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes("page-token/" + options.Value.ApiKey));

    public string Issue(SearchRequest request, int offset)
    {
        var token = new byte[sizeof(int) + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt32BigEndian(token, offset);
        Sign(request, offset).CopyTo(token, sizeof(int));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>The offset in a token that was issued for this very query; null for any other text.</summary>
    public int? Read(SearchRequest request)
    {
        if (!Base64Url.IsValid(request.PageToken, out var length) || length != sizeof(int) + SHA256.HashSizeInBytes) return null;
        var token = Base64Url.DecodeFromChars(request.PageToken);
        var offset = BinaryPrimitives.ReadInt32BigEndian(token);
        return CryptographicOperations.FixedTimeEquals(token.AsSpan(sizeof(int)), Sign(request, offset)) ? offset : null;
    }

    private byte[] Sign(SearchRequest request, int offset)
    {
        var query = JsonSerializer.Serialize(request with { PageToken = null, PageSize = null }, SearchRequest.Json);
        return HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{offset}\n{query}"));
    }
}
