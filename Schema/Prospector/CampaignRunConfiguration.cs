using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Prospector;

internal sealed class CampaignRunConfiguration : IEntityTypeConfiguration<CampaignRun>
{
    public void Configure(EntityTypeBuilder<CampaignRun> run)
    {
        run.ToTable("campaign_runs", "prospector", table =>
        {
            table.HasCheckConstraint("ck_campaign_runs_counts", "calls >= 0 AND new_leads >= 0 AND duplicates >= 0 AND suppressed >= 0 AND found = new_leads + duplicates + suppressed");
            table.HasCheckConstraint("ck_campaign_runs_finished", "(state = 'Running') = (finished_at IS NULL)");
            table.HasCheckConstraint("ck_campaign_runs_stop_reason", "(state = 'Stopped') = (stop_reason IS NOT NULL)");
        });
        run.Property(r => r.Id).ValueGeneratedNever(); // the job's
        run.Property(r => r.State).HasConversion<string>().HasMaxLength(16);
        run.Property(r => r.StopReason).HasMaxLength(CampaignRun.StopReasonMaxLength);
        run.Property(r => r.PageToken).HasMaxLength(CampaignRun.PageTokenMaxLength);
        run.Property(r => r.DuePeriod).HasMaxLength(CampaignRun.DuePeriodMaxLength);
        run.Property(r => r.Searches).HasDefaultValue(0);
        run.Property(r => r.Suppressed).HasDefaultValue(0);
        run.HasOne(r => r.Campaign).WithMany().HasForeignKey(r => r.CampaignId).OnDelete(DeleteBehavior.Cascade);
        run.HasIndex(r => new { r.CampaignId, r.Id });
        // Each occurrence of the schedule once, however many replicas look.
        run.HasIndex(r => new { r.CampaignId, r.DuePeriod }).IsUnique().HasFilter("due_period IS NOT NULL").HasDatabaseName("ux_campaign_runs_due_period");
        // Two sweeps of one campaign at once would pay for the same pages twice.
        run.HasIndex(r => r.CampaignId).IsUnique().HasFilter("state = 'Running'").HasDatabaseName("ux_campaign_runs_running");
    }
}
