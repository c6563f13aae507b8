using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

internal sealed class GoogleContentConfiguration : IEntityTypeConfiguration<GoogleContent>
{
    public void Configure(EntityTypeBuilder<GoogleContent> content)
    {
        content.ToTable("google_content", "prospector", table =>
            table.HasCheckConstraint("ck_google_content_expires_at", $"expires_at <= fetched_at + interval '{GoogleContent.LongestDays} days'"));
        content.HasKey(c => c.LeadId);
        content.Property(c => c.LeadId).ValueGeneratedNever();
        content.Property(c => c.PlaceId).HasMaxLength(Lead.PlaceIdMaxLength);
        content.Property(c => c.MatchName).HasMaxLength(GoogleContent.TextMaxLength);
        content.Property(c => c.Name).HasMaxLength(GoogleContent.TextMaxLength);
        content.Property(c => c.Address).HasMaxLength(GoogleContent.TextMaxLength);
        content.Property(c => c.NationalPhone).HasMaxLength(GoogleContent.PhoneMaxLength);
        content.Property(c => c.InternationalPhone).HasMaxLength(GoogleContent.PhoneMaxLength);
        content.Property(c => c.Website).HasMaxLength(GoogleContent.WebsiteMaxLength);
        content.Property(c => c.BusinessStatus).HasMaxLength(32);
        content.HasIndex(c => c.ExpiresAt); // what the purge looks for
        content.HasIndex(c => new { c.Latitude, c.Longitude }); // neighbours of a place
        content.HasIndex(c => c.MatchName, "ix_google_content_match_name").HasMethod("gin").HasOperators("gin_trgm_ops");
    }
}
