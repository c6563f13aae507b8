using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Catalog;

internal sealed class ReferenceNumberConfiguration : IEntityTypeConfiguration<ReferenceNumber>
{
    public void Configure(EntityTypeBuilder<ReferenceNumber> number)
    {
        number.ToTable("reference_numbers", "catalog", table => table.HasCheckConstraint("ck_reference_numbers_normalised", "normalised <> ''"));
        number.HasKey(n => new { n.ProductId, n.Kind, n.Normalised, n.Maker });
        number.Property(n => n.Kind).HasConversion<string>().HasMaxLength(10);
        number.Property(n => n.Maker).HasMaxLength(ReferenceNumber.MakerMaxLength);
        number.Property(n => n.Number).HasMaxLength(Product.OeNumberMaxLength);
        number.Property(n => n.Normalised).HasMaxLength(Product.OeNumberMaxLength);
        number.HasIndex(n => new { n.Normalised, n.Kind }).IncludeProperties(n => n.ProductId);
        number.HasOne<Product>().WithMany(p => p.References).HasForeignKey(n => n.ProductId).OnDelete(DeleteBehavior.Cascade);
    }
}
