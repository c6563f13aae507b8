using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Shabou.Gateway.People;

/// <summary>256 random bits: the text goes to its one holder, the hash is kept. So much chance needs no salt.</summary>
internal readonly record struct OneTimeSecret(string Text, byte[] Hash)
{
    private const int Bytes = 32;

    /// <summary>Characters of <see cref="Text"/>.</summary>
    internal const int TextLength = 43;

    internal static OneTimeSecret New()
    {
        var text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        return new OneTimeSecret(text, HashOf(text));
    }

    /// <summary>SHA-256 of the UTF-8 bytes, 32 bytes.</summary>
    internal static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether it could be one of ours; what could not is refused unasked.</summary>
    internal static bool IsWellFormed(string? text) => text is { Length: TextLength } && Base64Url.IsValid(text);
}
