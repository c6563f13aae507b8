using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Forecast;

internal sealed class AccuracyRowConfiguration : IEntityTypeConfiguration<AccuracyRow>
{
    public void Configure(EntityTypeBuilder<AccuracyRow> row)
    {
        row.ToTable("accuracy", "forecast", table =>
            table.HasCheckConstraint("ck_accuracy_frequency", "frequency IN ('Y', 'Q', 'M', 'W', 'D', 'O')"));
        row.HasKey(r => new { r.ModelVersionId, r.Frequency, r.Method });
        row.Property(r => r.Frequency).HasMaxLength(1);
        row.Property(r => r.Method).HasMaxLength(SeriesForecast.MethodMaxLength);
        row.HasOne(r => r.ModelVersion).WithMany().HasForeignKey(r => r.ModelVersionId).OnDelete(DeleteBehavior.Cascade);
    }
}
