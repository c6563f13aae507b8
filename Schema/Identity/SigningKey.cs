using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Identity;

/// <summary>A key pair that signs tokens (ECDSA P-256). It is published before it signs and after, so that nobody meets a key it has not seen.</summary>
public sealed class SigningKey
{
    public const int KidMaxLength = 64;

    /// <summary>Names the key in tokens and in the published key set.</summary>
    public required string Kid { get; init; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>PKCS#8, encrypted by Data Protection.</summary>
    public required string PrivateKey { get; init; }

    /// <summary>Published from here on.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Signs from here on, until a younger key does.</summary>
    public required DateTimeOffset SignsFrom { get; init; }

    /// <summary>No token of it is believed after this.</summary>
    public required DateTimeOffset ValidUntil { get; set; }
}

/// <summary>A key of ASP.NET Core Data Protection, encrypted by the master key.</summary>
public sealed class DataProtectionKey
{
    public const int NameMaxLength = 100;

    public required Guid Id { get; init; }

    public required string FriendlyName { get; init; }

    public required string Xml { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class SigningKeyConfiguration : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> key)
    {
        key.ToTable("signing_keys", "identity", table => table.HasCheckConstraint("ck_signing_keys_times", "created_at <= signs_from AND signs_from < valid_until"));
        key.HasKey(k => k.Kid);
        key.Property(k => k.Kid).HasMaxLength(SigningKey.KidMaxLength);
    }
}

internal sealed class DataProtectionKeyConfiguration : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> key)
    {
        key.ToTable("data_protection_keys", "identity");
        key.Property(k => k.Id).ValueGeneratedNever();
        key.Property(k => k.FriendlyName).HasMaxLength(DataProtectionKey.NameMaxLength);
    }
}
