using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Shabou.Gateway.Identity.Tokens;

/// <summary>Tokens that were verified, by their SHA-256: checking a signature costs a hundred times as much as looking here.</summary>
internal sealed class TokenMemory(IOptions<TokenOptions> options) : IDisposable
{
    private readonly MemoryCache _verified = new(new MemoryCacheOptions { SizeLimit = options.Value.Remembered });

    internal VerifiedToken? Find(in TokenHash hash) => _verified.TryGetValue(hash, out VerifiedToken? found) ? found : null;

    internal void Remember(in TokenHash hash, VerifiedToken token, TimeSpan life) =>
        _verified.Set(hash, token, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = life });

    public void Dispose() => _verified.Dispose();
}

/// <param name="Kid">The key that signed it; revoking that key ends the token.</param>
/// <param name="Until">When it expires.</param>
internal sealed record VerifiedToken(CallerIdentity Caller, string Kid, DateTimeOffset Until);

/// <summary>SHA-256 of a token.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TokenHash(ulong A, ulong B, ulong C, ulong D)
{
    internal static TokenHash Of(ReadOnlySpan<char> token)
    {
        Span<byte> bytes = stackalloc byte[BearerAuthentication.LongestToken];
        Span<ulong> hash = stackalloc ulong[4];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(token, bytes)], MemoryMarshal.AsBytes(hash));
        return new TokenHash(hash[0], hash[1], hash[2], hash[3]);
    }
}
