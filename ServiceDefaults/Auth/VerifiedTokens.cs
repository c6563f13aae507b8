using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Shabou.ServiceDefaults.Auth;

/// <summary>Tokens whose signature was checked, until they expire: checking costs 70 µs, remembering one.</summary>
/// <remarks>Only verified tokens get in, so strangers cannot fill it. When the younger half is full the older half is forgotten.</remarks>
internal sealed class VerifiedTokens(IOptions<ServiceTokenOptions> options, TokenKeys keys, TimeProvider time)
{
    private readonly int _half = options.Value.Remembered / 2;
    private readonly Lock _turn = new();
    private volatile ConcurrentDictionary<Digest, Verified> _young = new();
    private volatile ConcurrentDictionary<Digest, Verified> _old = new();

    public int Count => _young.Count + _old.Count;

    /// <summary>The caller of a token that is still valid and whose key is still published; else null.</summary>
    public ClaimsPrincipal? Find(string token)
    {
        var digest = Digest.Of(token);
        if (!_young.TryGetValue(digest, out var verified))
        {
            if (!_old.TryGetValue(digest, out verified)) return null;
            Keep(digest, verified); // still in use
        }
        return verified.Expires > time.GetUtcNow() && keys.Find(verified.Kid) is not null ? verified.Caller : null;
    }

    public void Remember(string token, ClaimsPrincipal caller, string kid, DateTimeOffset expires) => Keep(Digest.Of(token), new(caller, kid, expires));

    private void Keep(Digest digest, Verified verified)
    {
        _young[digest] = verified;
        if (_young.Count < _half) return;
        lock (_turn)
        {
            if (_young.Count >= _half) (_old, _young) = (_young, new());
        }
    }

    private sealed record Verified(ClaimsPrincipal Caller, string Kid, DateTimeOffset Expires);

    /// <summary>SHA-256: what is kept in memory cannot be sent by whoever reads it there.</summary>
    private readonly record struct Digest(UInt128 High, UInt128 Low)
    {
        public static Digest Of(string token)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
            return new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash), System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash[16..]));
        }
    }
}
