using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Catalog;

internal sealed class WarehouseConfiguration : IEntityTypeConfiguration<Warehouse>, IEntityTypeConfiguration<StockLevel>, IEntityTypeConfiguration<StockReservation>
{
    public void Configure(EntityTypeBuilder<Warehouse> warehouse)
    {
        warehouse.ToTable("warehouses", "catalog");
        warehouse.Property(w => w.Id).ValueGeneratedNever();
        warehouse.Property(w => w.Slug).HasMaxLength(Brand.SlugMaxLength);
        warehouse.Property(w => w.Name).HasMaxLength(Brand.NameMaxLength);
        warehouse.Property(w => w.Version).IsRowVersion();
        warehouse.HasAuditStamps();
        warehouse.HasIndex(w => w.Slug).IsUnique();
    }

    public void Configure(EntityTypeBuilder<StockLevel> level)
    {
        level.ToTable("stock_levels", "catalog", table => table.HasCheckConstraint("ck_stock_levels_reserved", "reserved BETWEEN 0 AND on_hand"));
        level.HasKey(l => new { l.ProductId, l.WarehouseId });
        level.Property(l => l.Version).IsRowVersion();
        level.HasOne<Product>().WithMany().HasForeignKey(l => l.ProductId).OnDelete(DeleteBehavior.Restrict);
        level.HasOne(l => l.Warehouse).WithMany().HasForeignKey(l => l.WarehouseId).OnDelete(DeleteBehavior.Restrict);
        level.HasIndex(l => l.WarehouseId);
        level.HasIndex(l => l.ProductId, "ix_stock_levels_available").HasFilter("on_hand > reserved");
    }

    public void Configure(EntityTypeBuilder<StockReservation> reservation)
    {
        reservation.ToTable("stock_reservations", "catalog", table => table.HasCheckConstraint("ck_stock_reservations_quantity", "quantity > 0"));
        reservation.Property(r => r.Id).ValueGeneratedNever();
        reservation.Property(r => r.State).HasConversion<string>().HasMaxLength(20);
        reservation.Property(r => r.Reference).HasMaxLength(StockReservation.ReferenceMaxLength);
        reservation.Property(r => r.CreatedBy).HasMaxLength(IAudited.ActorMaxLength);
        reservation.HasOne<StockLevel>().WithMany().HasForeignKey(r => new { r.ProductId, r.WarehouseId }).OnDelete(DeleteBehavior.Restrict);
        reservation.HasIndex(r => r.ExpiresAt).HasFilter("state = 'Held'");
    }
}
