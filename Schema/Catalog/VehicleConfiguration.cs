using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Catalog;

internal sealed class VehicleConfiguration : IEntityTypeConfiguration<Vehicle>
{
    public void Configure(EntityTypeBuilder<Vehicle> vehicle)
    {
        vehicle.ToTable("vehicles", "catalog", table => table.HasCheckConstraint("ck_vehicles_years", "year_from BETWEEN 1886 AND 2100 AND year_to BETWEEN year_from AND 2100"));
        vehicle.Property(v => v.Id).ValueGeneratedNever();
        vehicle.Property(v => v.KType).HasColumnName("ktype");
        vehicle.Property(v => v.Make).HasMaxLength(Vehicle.MakeMaxLength);
        vehicle.Property(v => v.Model).HasMaxLength(Vehicle.ModelMaxLength);
        vehicle.Property(v => v.Variant).HasMaxLength(Vehicle.VariantMaxLength);
        vehicle.Property(v => v.Engine).HasMaxLength(Vehicle.EngineMaxLength);
        vehicle.Property(v => v.Fuel).HasMaxLength(Vehicle.FuelMaxLength);
        vehicle.Property(v => v.VinPrefix).HasMaxLength(Vehicle.VinPrefixMaxLength);
        vehicle.Property(v => v.Version).IsRowVersion();
        vehicle.HasAuditStamps();
        vehicle.HasIndex(v => v.KType).IsUnique();
        vehicle.HasIndex(v => v.VinPrefix);
        // One type once; also the order of the list.
        vehicle.HasIndex(v => new { v.Make, v.Model, v.Variant, v.YearFrom, v.Engine }).IsUnique().AreNullsDistinct(false);
    }
}
