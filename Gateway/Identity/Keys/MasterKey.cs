using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Shabou.Gateway.Identity.Keys;

/// <summary>Seals with AES-256-GCM under a key derived from a secret text. Its id says which secret sealed something, and nothing about it.</summary>
internal sealed class MasterKey
{
    private const int KeyBytes = 32;
    private const int IdBytes = 8;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key;

    internal MasterKey(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, KeyBytes, info: "shabou master key"u8.ToArray());
        Id = Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, IdBytes, info: "shabou master key id"u8.ToArray()));
    }

    internal string Id { get; }

    /// <returns>Nonce, tag and ciphertext.</returns>
    internal byte[] Seal(byte[] plain)
    {
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes));
        return box;
    }

    /// <exception cref="CryptographicException">It was sealed under another key, or was changed since.</exception>
    internal byte[] Open(byte[] box)
    {
        if (box.Length < NonceBytes + TagBytes)
            throw new CryptographicException("What was sealed is cut off.");
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_key, TagBytes);
        aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), plain);
        return plain;
    }
}

/// <summary>The master key and the one before it.</summary>
internal sealed class MasterKeys(IOptions<MasterKeyOptions> options)
{
    private readonly MasterKey? _previous = string.IsNullOrEmpty(options.Value.PreviousMasterKey) ? null : new(options.Value.PreviousMasterKey);

    internal MasterKey Current { get; } = new(options.Value.MasterKey);

    internal MasterKey? WithId(string? id) => id == Current.Id ? Current : id == _previous?.Id ? _previous : null;
}

/// <summary>This gateway was given another master key than the one that sealed what is stored. Nothing is written then.</summary>
internal sealed class WrongMasterKeyException() : Exception(
    "Identity:MasterKey is not the one under which the keys in identity.data_protection_keys were sealed: set it to that one, or name that one in Identity:PreviousMasterKey.");
