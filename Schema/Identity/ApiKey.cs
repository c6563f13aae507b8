using System.Security.Cryptography;
using System.Text;

namespace Shabou.Schema.Identity;

/// <summary>A machine client's key. Only its hash is kept: a key has 256 random bits, so a plain SHA-256 cannot be searched.</summary>
public sealed class ApiKey
{
    public const int NameMaxLength = 100;
    public const int PrefixLength = 6;
    public const int ScopeMaxLength = 32;
    public const int CreatedByMaxLength = 200;

    /// <summary>Shorter keys are refused, for they could be guessed.</summary>
    public const int KeyMinLength = 32;

    public required Guid Id { get; init; }

    /// <summary>Whose key it is, for people and logs.</summary>
    public required string Name { get; set; }

    /// <summary>The first characters, so that its owner can tell keys apart.</summary>
    public required string Prefix { get; set; }

    /// <summary>32 bytes, see <see cref="HashOf"/>. Unique.</summary>
    public required byte[] Hash { get; set; }

    public required ApiKeyRole Role { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Which parts of the API the key opens, within its role; empty: all that the role may.</summary>
    public string[] Scopes { get; set; } = [];

    /// <summary>To the minute or so; null: never.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Who made it, for people; null: the installation.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>SHA-256 of the key's UTF-8 bytes.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>What the holder of a key may do. Stored and sent as text.</summary>
public enum ApiKeyRole
{
    /// <summary>Everything.</summary>
    Admin,

    /// <summary>Daily work; no keys, switches or caps.</summary>
    User,
}
