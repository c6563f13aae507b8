using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Forecast;

internal sealed class PartAccuracyRowConfiguration : IEntityTypeConfiguration<PartAccuracyRow>
{
    public void Configure(EntityTypeBuilder<PartAccuracyRow> row)
    {
        row.ToTable("part_accuracy", "forecast", table => table.HasCheckConstraint("ck_part_accuracy_steps", "steps >= 1"));
        row.HasKey(r => new { r.ModelVersionId, r.Sku });
        row.Property(r => r.Sku).HasMaxLength(DemandSeries.SkuMaxLength).UseCollation("C");
        row.HasIndex(r => r.Sku); // one part over the versions
        row.HasOne(r => r.ModelVersion).WithMany().HasForeignKey(r => r.ModelVersionId).OnDelete(DeleteBehavior.Cascade);
    }
}
