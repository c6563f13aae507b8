using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

internal sealed class LeadConfiguration : IEntityTypeConfiguration<Lead>
{
    public void Configure(EntityTypeBuilder<Lead> lead)
    {
        lead.ToTable("leads", "prospector", table =>
        {
            table.HasCheckConstraint("ck_leads_place_id", "place_id <> ''");
            table.HasCheckConstraint("ck_leads_score", "score BETWEEN 0 AND 100");
            table.HasCheckConstraint("ck_leads_lost", "stage <> 'Lost' OR stage_reason IS NOT NULL");
        });
        lead.Property(l => l.Id).ValueGeneratedNever(); // UUIDv7, made in code
        lead.Property(l => l.PlaceId).HasMaxLength(Lead.PlaceIdMaxLength);
        lead.Property(l => l.Stage).HasConversion<string>().HasMaxLength(16);
        lead.Property(l => l.StageReason).HasMaxLength(Lead.StageReasonMaxLength);
        lead.Property(l => l.Governorate).HasMaxLength(Lead.GovernorateMaxLength);
        lead.Property(l => l.Name).HasMaxLength(Lead.NameMaxLength);
        lead.Property(l => l.Owner).HasMaxLength(Lead.OwnerMaxLength);
        lead.Property(l => l.Notes).HasMaxLength(Lead.NotesMaxLength);
        lead.Property(l => l.Search).HasDefaultValue("");
        lead.Property(l => l.Score).HasDefaultValue(0);
        lead.Property(l => l.ScoreVersion).HasDefaultValue(0);
        lead.Property(l => l.ScoreReasons).HasColumnType("jsonb").HasDefaultValueSql("'[]'");
        lead.Property(l => l.ChangedBy).HasMaxLength(Lead.ActorMaxLength).HasDefaultValue("system");
        lead.Property(l => l.ChangedTrace).HasMaxLength(Lead.TraceMaxLength);
        lead.Property(l => l.Revision).HasDefaultValue(0).IsConcurrencyToken();
        lead.HasIndex(l => l.PlaceId).IsUnique();
        lead.HasOne(l => l.GoogleContent).WithOne().HasForeignKey<GoogleContent>(c => c.LeadId).OnDelete(DeleteBehavior.Cascade);
        // The page of one stage, governorate or owner, in the order of the keyset.
        lead.HasIndex(l => new { l.Stage, l.Id });
        lead.HasIndex(l => new { l.Governorate, l.Id });
        lead.HasIndex(l => new { l.Owner, l.Id });
        lead.HasIndex(l => new { l.Score, l.Id }).IsDescending(true, false); // best first
        lead.HasIndex(l => l.FollowUpOn).HasFilter("follow_up_on IS NOT NULL");
        lead.HasIndex(l => l.Search, "ix_leads_search").HasMethod("gin").HasOperators("gin_trgm_ops");
    }
}
