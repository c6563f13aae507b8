using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Catalog;

internal sealed class BrandConfiguration : IEntityTypeConfiguration<Brand>
{
    public void Configure(EntityTypeBuilder<Brand> brand)
    {
        brand.ToTable("brands", "catalog");
        brand.Property(b => b.Id).ValueGeneratedNever();
        brand.Property(b => b.Name).HasMaxLength(Brand.NameMaxLength);
        brand.Property(b => b.Search).HasMaxLength(2 * Brand.NameMaxLength);
        brand.Property(b => b.Slug).HasMaxLength(Brand.SlugMaxLength);
        brand.Property(b => b.Version).IsRowVersion();
        brand.HasAuditStamps();
        brand.HasIndex(b => b.Slug).IsUnique();
    }
}
