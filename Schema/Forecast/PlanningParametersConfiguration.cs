using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Forecast;

internal sealed class PlanningParametersConfiguration : IEntityTypeConfiguration<PlanningParameters>
{
    public void Configure(EntityTypeBuilder<PlanningParameters> planning)
    {
        planning.ToTable("planning_parameters", "forecast", table =>
        {
            table.HasCheckConstraint("ck_planning_parameters_sku", "sku <> ''");
            table.HasCheckConstraint("ck_planning_parameters_times", "lead_time_days BETWEEN 0 AND 3650 AND review_days BETWEEN 1 AND 3650");
            table.HasCheckConstraint("ck_planning_parameters_target", "target IN ('CycleService', 'FillRate', 'Costs')");
            table.HasCheckConstraint("ck_planning_parameters_service_level", "service_level > 0 AND service_level < 1");
            // NaN sorts above Infinity, so the upper bound keeps both out.
            table.HasCheckConstraint("ck_planning_parameters_costs",
                "holding_cost >= 0 AND holding_cost < 'Infinity' AND shortage_cost >= 0 AND shortage_cost < 'Infinity' AND unit_cost >= 0");
            table.HasCheckConstraint("ck_planning_parameters_units", "pack_size >= 1 AND minimum_order >= 0 AND on_order >= 0");
            table.HasCheckConstraint("ck_planning_parameters_warehouse",
                "demand_share >= 0 AND demand_share <= 1 AND (warehouse <> '' OR demand_share IS NULL) AND (warehouse = '' OR discontinued IS NULL)");
        });
        planning.HasKey(p => new { p.Sku, p.Warehouse });
        planning.Property(p => p.Sku).HasMaxLength(DemandSeries.SkuMaxLength).UseCollation("C");
        planning.Property(p => p.Warehouse).HasMaxLength(PlanningParameters.WarehouseMaxLength).UseCollation("C");
        planning.Property(p => p.Target).HasConversion<string>().HasMaxLength(16);
        planning.Property(p => p.UnitCost).HasPrecision(18, 3); // a dinar has 1,000 millimes
        planning.Property(p => p.ChangedBy).HasMaxLength(PlanningParameters.ActorMaxLength);
        planning.Property(p => p.Version).IsRowVersion();
    }
}
