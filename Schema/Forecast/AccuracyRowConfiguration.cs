using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Forecast;

internal sealed class AccuracyRowConfiguration : IEntityTypeConfiguration<AccuracyRow>
{
    public void Configure(EntityTypeBuilder<AccuracyRow> row)
    {
        row.ToTable("accuracy", "forecast", table =>
        {
            table.HasCheckConstraint("ck_accuracy_frequency", "frequency IN ('Y', 'Q', 'M', 'W', 'D', 'O')");
            table.HasCheckConstraint("ck_accuracy_demand_class", "demand_class IN ('All', 'Smooth', 'Intermittent', 'Erratic', 'Lumpy')");
            table.HasCheckConstraint("ck_accuracy_steps", "1 <= from_step AND from_step <= to_step");
        });
        row.HasKey(r => new { r.ModelVersionId, r.Frequency, r.DemandClass, r.FromStep, r.ToStep, r.IsRolling, r.Method });
        row.Property(r => r.DemandClass).HasMaxLength(SeriesForecast.DemandClassMaxLength).HasDefaultValue(AccuracyRow.AllClasses);
        row.Property(r => r.FromStep).HasDefaultValue(1);
        row.Property(r => r.ToStep).HasDefaultValue(12);
        row.Property(r => r.IsRolling).HasDefaultValue(false);
        row.Property(r => r.Frequency).HasMaxLength(1);
        row.Property(r => r.Method).HasMaxLength(SeriesForecast.MethodMaxLength);
        row.HasOne(r => r.ModelVersion).WithMany().HasForeignKey(r => r.ModelVersionId).OnDelete(DeleteBehavior.Cascade);
    }
}
