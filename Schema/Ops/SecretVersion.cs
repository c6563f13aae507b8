using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Ops;

/// <summary>When a secret's present value was first in use: its age. The value itself is never stored.</summary>
public sealed class SecretVersion
{
    public const int NameMaxLength = 100;

    /// <summary>Such as <c>database-login:catalog</c>.</summary>
    public required string Name { get; init; }

    /// <summary>A keyed hash of the value: tells that it changed, not what it is.</summary>
    public required byte[] Fingerprint { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }
}

internal sealed class SecretVersionConfiguration : IEntityTypeConfiguration<SecretVersion>
{
    public void Configure(EntityTypeBuilder<SecretVersion> version)
    {
        version.ToTable("secret_versions", "ops", table => table.HasCheckConstraint("ck_secret_versions_fingerprint", "octet_length(fingerprint) = 32"));
        version.HasKey(v => new { v.Name, v.Fingerprint });
        version.Property(v => v.Name).HasMaxLength(SecretVersion.NameMaxLength);
    }
}
