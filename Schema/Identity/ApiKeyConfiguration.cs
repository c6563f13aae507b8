using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Identity;

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> key)
    {
        key.ToTable("api_keys", "identity", table => table.HasCheckConstraint("ck_api_keys_hash", "octet_length(hash) = 32"));
        key.Property(k => k.Id).ValueGeneratedNever();
        key.Property(k => k.Name).HasMaxLength(ApiKey.NameMaxLength);
        key.Property(k => k.Prefix).HasMaxLength(ApiKey.PrefixLength);
        key.Property(k => k.Role).HasConversion<string>().HasMaxLength(16);
        key.Property(k => k.Scopes).HasDefaultValueSql("'{}'");
        key.Property(k => k.CreatedBy).HasMaxLength(ApiKey.CreatedByMaxLength);
        key.HasIndex(k => k.Hash).IsUnique();
        key.HasIndex(k => k.RevokedAt).HasFilter("revoked_at IS NOT NULL"); // every gateway asks for the latest, every few seconds
    }
}
