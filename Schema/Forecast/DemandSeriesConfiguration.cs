using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Forecast;

internal sealed class DemandSeriesConfiguration : IEntityTypeConfiguration<DemandSeries>
{
    public void Configure(EntityTypeBuilder<DemandSeries> series)
    {
        series.ToTable("demand_series", "forecast", table =>
        {
            table.HasCheckConstraint("ck_demand_series_sku", "sku <> ''");
            table.HasCheckConstraint("ck_demand_series_frequency", "frequency IN ('Y', 'Q', 'M', 'W', 'D', 'O')");
        });
        series.Property(s => s.Id).ValueGeneratedNever(); // UUIDv7, made in code
        series.Property(s => s.Sku).HasMaxLength(DemandSeries.SkuMaxLength).UseCollation("C"); // one order for paging, in SQL and in code
        series.Property(s => s.Frequency).HasMaxLength(1);
        series.HasIndex(s => s.Sku).IsUnique();
    }
}
