using System.Collections.Frozen;
using System.Text.Json;

namespace Shabou.Gateway.Identity.Keys;

/// <summary>The keys of one moment. It does not change; a new one takes its place.</summary>
internal sealed class KeyRing
{
    private readonly FrozenDictionary<string, RingKey> _keys;

    internal KeyRing(IReadOnlyCollection<RingKey> keys)
    {
        _keys = keys.ToFrozenDictionary(key => key.Kid, StringComparer.Ordinal);
        PublicSet = JsonSerializer.SerializeToUtf8Bytes(new { keys = keys.OrderBy(key => key.SignsFrom).Select(Public) });
    }

    internal IReadOnlyCollection<RingKey> Keys => _keys.Values;

    /// <summary>RFC 7517, public parts only.</summary>
    internal ReadOnlyMemory<byte> PublicSet { get; }

    /// <summary>The key by which the others are judged: the last that was made.</summary>
    internal RingKey? Youngest => _keys.Values.MaxBy(key => key.SignsFrom);

    internal RingKey? Find(string? kid, DateTimeOffset now) =>
        kid is not null && _keys.TryGetValue(kid, out var key) && now < key.ValidUntil ? key : null;

    /// <summary>The key that signs: the youngest whose time has come, whatever its age, since an old key is better than none.</summary>
    internal RingKey? Signing(DateTimeOffset now)
    {
        RingKey? chosen = null;
        foreach (var key in _keys.Values)
        {
            if (key.Credentials is null || now >= key.ValidUntil)
                continue;
            // A clock behind that of the gateway which made the first key would otherwise have none.
            var better = chosen is null || (key.SignsFrom <= now ? chosen.SignsFrom > now || key.SignsFrom > chosen.SignsFrom : chosen.SignsFrom > now && key.SignsFrom < chosen.SignsFrom);
            if (better)
                chosen = key;
        }
        return chosen;
    }

    private static object Public(RingKey key)
    {
        var (x, y) = RingKey.PointOf(key.Public.ECDsa);
        return new { kty = "EC", use = "sig", alg = "ES256", kid = key.Kid, crv = "P-256", x, y };
    }
}
