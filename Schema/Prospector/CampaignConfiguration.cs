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
            table.HasCheckConstraint("ck_campaigns_locations", "cardinality(locations) > 0");
            table.HasCheckConstraint("ck_campaigns_queries", "cardinality(queries) > 0");
        });
        campaign.Property(c => c.Id).ValueGeneratedNever(); // UUIDv7, made in code
        campaign.Property(c => c.Name).HasMaxLength(Campaign.NameMaxLength);
        campaign.Property(c => c.LanguageCode).HasMaxLength(5);
        campaign.Property(c => c.Version).IsRowVersion();
        campaign.HasIndex(c => c.Name).IsUnique();
    }
}
