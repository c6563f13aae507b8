using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Forecast;

internal sealed class ForecastOverrideConfiguration : IEntityTypeConfiguration<ForecastOverride>
{
    public void Configure(EntityTypeBuilder<ForecastOverride> planned)
    {
        planned.ToTable("forecast_overrides", "forecast", table =>
        {
            table.HasCheckConstraint("ck_forecast_overrides_quantity", "quantity >= 0 AND quantity < 'Infinity'"); // NaN sorts above Infinity
            table.HasCheckConstraint("ck_forecast_overrides_reason", "reason <> ''");
        });
        planned.HasKey(o => new { o.Sku, o.Period });
        planned.Property(o => o.Sku).HasMaxLength(DemandSeries.SkuMaxLength).UseCollation("C");
        planned.Property(o => o.Reason).HasMaxLength(ForecastOverride.ReasonMaxLength);
        planned.Property(o => o.ChangedBy).HasMaxLength(PlanningParameters.ActorMaxLength);
        planned.Property(o => o.Version).IsRowVersion();
    }
}
