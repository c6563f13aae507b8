using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Forecast;

internal sealed class DemandObservationConfiguration : IEntityTypeConfiguration<DemandObservation>
{
    public void Configure(EntityTypeBuilder<DemandObservation> observation)
    {
        observation.ToTable("demand_observations", "forecast", table =>
            table.HasCheckConstraint("ck_demand_observations_quantity", "quantity >= 0 AND quantity < 'Infinity'")); // NaN sorts above Infinity
        observation.HasKey(o => new { o.SeriesId, o.Period });
        observation.HasOne(o => o.Series).WithMany(s => s.Observations).HasForeignKey(o => o.SeriesId).OnDelete(DeleteBehavior.Cascade);
    }
}
