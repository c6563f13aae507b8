using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Catalog;

internal sealed class PriceChangeConfiguration : IEntityTypeConfiguration<PriceChange>, IEntityTypeConfiguration<Assortment>, IEntityTypeConfiguration<PriceIndexPoint>
{
    public void Configure(EntityTypeBuilder<PriceChange> change)
    {
        change.ToTable("price_changes", "catalog");
        change.Property(c => c.Amount).HasPrecision(18, 3);
        change.Property(c => c.ChangedBy).HasMaxLength(IAudited.ActorMaxLength);
        change.HasIndex(c => new { c.ProductId, c.Id });
    }

    public void Configure(EntityTypeBuilder<Assortment> assortment)
    {
        assortment.ToTable("assortments", "catalog");
        assortment.HasKey(a => new { a.BrandId, a.CategoryId });
        assortment.Property(a => a.BaseValue).HasPrecision(30, 6);
        assortment.Property(a => a.CurrentValue).HasPrecision(30, 6);
    }

    public void Configure(EntityTypeBuilder<PriceIndexPoint> point)
    {
        point.ToTable("price_index_points", "catalog");
        point.Property(p => p.BaseValue).HasPrecision(30, 6);
        point.Property(p => p.CurrentValue).HasPrecision(30, 6);
        point.HasIndex(p => new { p.BrandId, p.CategoryId, p.Id });
    }
}
