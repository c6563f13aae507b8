using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Forecast;

internal sealed class SeriesForecastConfiguration : IEntityTypeConfiguration<SeriesForecast>
{
    public void Configure(EntityTypeBuilder<SeriesForecast> forecast)
    {
        forecast.ToTable("forecasts", "forecast", table =>
        {
            table.HasCheckConstraint("ck_forecasts_frequency", "frequency IN ('Y', 'Q', 'M', 'W', 'D', 'O')");
            table.HasCheckConstraint("ck_forecasts_demand_class", "demand_class IN ('Smooth', 'Intermittent', 'Erratic', 'Lumpy')");
            table.HasCheckConstraint("ck_forecasts_mean", "cardinality(mean) > 0 AND 0 <= ALL (mean)");
            table.HasCheckConstraint("ck_forecasts_quantiles", "cardinality(quantiles) % cardinality(mean) = 0 AND 0 <= ALL (quantiles)");
            table.HasCheckConstraint("ck_forecasts_abc_class", "abc_class IN ('A', 'B', 'C')");
            table.HasCheckConstraint("ck_forecasts_xyz_class", "xyz_class IN ('X', 'Y', 'Z')");
            table.HasCheckConstraint("ck_forecasts_protection", "protection_periods >= 1 AND protection_mean >= 0 AND protection_deviation >= 0 AND 0 <= ALL (protection_quantiles)");
        });
        forecast.HasKey(f => new { f.ModelVersionId, f.Sku }); // a version's forecasts in the order of the keyset
        forecast.Property(f => f.Sku).HasMaxLength(DemandSeries.SkuMaxLength).UseCollation("C");
        forecast.Property(f => f.Frequency).HasMaxLength(1);
        forecast.Property(f => f.DemandClass).HasMaxLength(SeriesForecast.DemandClassMaxLength);
        forecast.Property(f => f.Method).HasMaxLength(SeriesForecast.MethodMaxLength);
        forecast.Property(f => f.Reason).HasMaxLength(SeriesForecast.ReasonMaxLength);
        forecast.Property(f => f.Candidates).HasColumnType("jsonb");
        forecast.Property(f => f.Fallback).HasMaxLength(SeriesForecast.FallbackMaxLength);
        forecast.Property(f => f.AbcClass).HasMaxLength(1);
        forecast.Property(f => f.XyzClass).HasMaxLength(1);
        forecast.Property(f => f.Input).HasColumnType("json"); // not jsonb, which would write the numbers its own way
        forecast.HasIndex(f => f.Sku); // one part over the versions
        forecast.HasOne(f => f.ModelVersion).WithMany().HasForeignKey(f => f.ModelVersionId).OnDelete(DeleteBehavior.Cascade);
    }
}
