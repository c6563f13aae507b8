using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ServiceDefaults.Paging;

/// <summary>Makes and reads the cursors of lists: the sort key of the last row, opaque to callers, and refused when they changed it.</summary>
/// <remarks>A cursor is valid on every replica and for as long as <c>Cursors:Key</c> stays the same.</remarks>
public sealed class Cursors(IOptions<CursorOptions> options)
{
    private const int SignatureBytes = 16;
    private const int LongestCursor = 4096; // three names of a hundred characters, each escaped, still fit

    // Derived, so that a cursor can tell nothing about the configured key.
    private readonly Lazy<byte[]> _key = new(() => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(options.Value.Key), outputLength: 32, info: "shabou cursors"u8.ToArray()));

    /// <summary>The cursor after this row.</summary>
    /// <param name="list">Name of the list and of everything that decides its order, such as <c>products?sort=name</c>; a cursor of another list is refused.</param>
    /// <param name="position">Sort key of the last row, small: a record of at most a few values.</param>
    public string Write<T>(string list, T position)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(position);
        return Base64Url.EncodeToString([.. Sign(list, payload), .. payload]);
    }

    /// <summary>Reads a cursor. No cursor is the start of the list: <see langword="true"/> with the default position.</summary>
    public bool TryRead<T>(string list, string? cursor, out T? position, [NotNullWhen(false)] out ProblemHttpResult? refusal)
    {
        position = default;
        refusal = null;
        if (string.IsNullOrEmpty(cursor))
        {
            return true;
        }

        if (TryDecode(cursor) is { } bytes && CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, SignatureBytes), Sign(list, bytes.AsSpan(SignatureBytes))))
        {
            try
            {
                position = JsonSerializer.Deserialize<T>(bytes.AsSpan(SignatureBytes));
                return true;
            }
            catch (JsonException)
            {
                // Ours, but of a version whose positions had another form.
            }
        }

        refusal = Problem.Invalid("after", "must be the 'next' of this list, unchanged; leave it out to start again.");
        return false;
    }

    private static byte[]? TryDecode(string cursor)
    {
        if (cursor.Length > LongestCursor || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(cursor);
        return bytes.Length > SignatureBytes ? bytes : null;
    }

    private byte[] Sign(string list, ReadOnlySpan<byte> payload)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(list), 0, .. payload];
        return HMACSHA256.HashData(_key.Value, signed)[..SignatureBytes];
    }
}
