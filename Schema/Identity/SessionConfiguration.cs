using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Identity;

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> session)
    {
        session.ToTable("sessions", "identity");
        session.Property(s => s.Id).ValueGeneratedNever();
        session.Property(s => s.RevokedReason).HasMaxLength(Session.ReasonMaxLength);
        session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
        session.HasIndex(s => s.UserId);
        session.HasIndex(s => s.RevokedAt).HasFilter("revoked_at IS NOT NULL"); // every gateway asks for the latest, every few seconds
        session.HasIndex(s => s.ExpiresAt);
    }
}

internal sealed class RefreshTokenConfiguration : IEntityTypeConfiguration<RefreshToken>
{
    public void Configure(EntityTypeBuilder<RefreshToken> token)
    {
        token.ToTable("refresh_tokens", "identity", table => table.HasCheckConstraint("ck_refresh_tokens_hash", "octet_length(hash) = 32"));
        token.HasKey(t => t.Hash);
        token.HasOne<Session>().WithMany().HasForeignKey(t => t.SessionId).OnDelete(DeleteBehavior.Cascade);
        token.HasIndex(t => t.SessionId);
    }
}

internal sealed class SignInCodeConfiguration : IEntityTypeConfiguration<SignInCode>
{
    public void Configure(EntityTypeBuilder<SignInCode> code)
    {
        code.ToTable("sign_in_codes", "identity", table => table.HasCheckConstraint("ck_sign_in_codes_hash", "octet_length(hash) = 32"));
        code.HasKey(c => c.Hash);
        code.Property(c => c.Challenge).HasMaxLength(SignInCode.ChallengeMaxLength);
        code.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
        code.HasIndex(c => c.UserId);
        code.HasIndex(c => c.ExpiresAt);
    }
}

internal sealed class BootstrapTokenConfiguration : IEntityTypeConfiguration<BootstrapToken>
{
    public void Configure(EntityTypeBuilder<BootstrapToken> token)
    {
        token.ToTable("bootstrap_tokens", "identity", table => table.HasCheckConstraint("ck_bootstrap_tokens_hash", "octet_length(hash) = 32"));
        token.HasKey(t => t.Hash);
        token.HasOne<User>().WithMany().HasForeignKey(t => t.UsedBy).OnDelete(DeleteBehavior.SetNull);
        token.HasIndex(t => t.UsedBy);
    }
}
