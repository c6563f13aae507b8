using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

internal sealed class LeadConfiguration : IEntityTypeConfiguration<Lead>
{
    public void Configure(EntityTypeBuilder<Lead> lead)
    {
        lead.ToTable("leads", "prospector", table => table.HasCheckConstraint("ck_leads_place_id", "place_id <> ''"));
        lead.Property(l => l.Id).ValueGeneratedNever(); // UUIDv7, made in code
        lead.Property(l => l.PlaceId).HasMaxLength(Lead.PlaceIdMaxLength);
        lead.Property(l => l.Stage).HasConversion<string>().HasMaxLength(16);
        lead.Property(l => l.Governorate).HasMaxLength(Lead.GovernorateMaxLength);
        lead.Property(l => l.Version).IsRowVersion();
        lead.HasIndex(l => l.PlaceId).IsUnique();
        lead.HasOne(l => l.GoogleContent).WithOne().HasForeignKey<GoogleContent>(c => c.LeadId).OnDelete(DeleteBehavior.Cascade);
        // The page of one stage or governorate, in the order of the keyset.
        lead.HasIndex(l => new { l.Stage, l.Id });
        lead.HasIndex(l => new { l.Governorate, l.Id });
    }
}
