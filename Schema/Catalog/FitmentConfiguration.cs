using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Catalog;

internal sealed class FitmentConfiguration : IEntityTypeConfiguration<Fitment>
{
    public void Configure(EntityTypeBuilder<Fitment> fitment)
    {
        fitment.ToTable("fitments", "catalog");
        fitment.HasKey(f => new { f.ProductId, f.VehicleId });
        fitment.HasIndex(f => new { f.VehicleId, f.ProductId }); // the other direction
        fitment.HasOne<Product>().WithMany().HasForeignKey(f => f.ProductId).OnDelete(DeleteBehavior.Cascade);
        fitment.HasOne<Vehicle>().WithMany().HasForeignKey(f => f.VehicleId).OnDelete(DeleteBehavior.Restrict);
    }
}
