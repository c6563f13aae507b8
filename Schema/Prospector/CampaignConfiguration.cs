using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

internal sealed class CampaignConfiguration : IEntityTypeConfiguration<Campaign>
{
    public void Configure(EntityTypeBuilder<Campaign> campaign)
    {
        campaign.ToTable("campaigns", "prospector", table =>
        {
            table.HasCheckConstraint("ck_campaigns_pages_per_query", $"pages_per_query BETWEEN 1 AND {Campaign.MostPages}");
            table.HasCheckConstraint("ck_campaigns_locations", "(cardinality(locations) > 0) <> (grid IS NOT NULL)");
            table.HasCheckConstraint("ck_campaigns_schedule", "(schedule IS NULL) = (scheduled_since IS NULL)");
            table.HasCheckConstraint("ck_campaigns_queries", "cardinality(queries) > 0");
        });
        campaign.Property(c => c.Id).ValueGeneratedNever(); // UUIDv7, made in code
        campaign.Property(c => c.Name).HasMaxLength(Campaign.NameMaxLength);
        campaign.Property(c => c.LanguageCode).HasMaxLength(5);
        campaign.Property(c => c.Preset).HasMaxLength(Campaign.PresetMaxLength);
        campaign.Property(c => c.Grid).HasColumnType("jsonb");
        campaign.Property(c => c.Searches).HasDefaultValue(0);
        campaign.Property(c => c.Schedule).HasMaxLength(Campaign.ScheduleMaxLength);
        campaign.Property(c => c.ScheduleReason).HasMaxLength(Campaign.ScheduleReasonMaxLength);
        campaign.Property(c => c.ChangedBy).HasMaxLength(Lead.ActorMaxLength).HasDefaultValue("system");
        campaign.Property(c => c.ChangedTrace).HasMaxLength(Lead.TraceMaxLength);
        campaign.Property(c => c.Version).IsRowVersion();
        campaign.HasIndex(c => c.Name).IsUnique();
    }
}
