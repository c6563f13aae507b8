using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Catalog;

internal sealed class ProductConfiguration : IEntityTypeConfiguration<Product>
{
    public void Configure(EntityTypeBuilder<Product> product)
    {
        product.ToTable("products", "catalog", table =>
        {
            table.HasCheckConstraint("ck_products_price", "price_amount >= 0");
            table.HasCheckConstraint("ck_products_vat_rate", "vat_rate IN (7, 13, 19)");
            table.HasCheckConstraint("ck_products_sku", "sku <> ''");
        });
        product.Property(p => p.Id).ValueGeneratedNever(); // UUIDv7, made in code
        product.Property(p => p.Sku).HasMaxLength(Product.SkuMaxLength);
        product.Property(p => p.NameFr).HasMaxLength(Product.NameMaxLength);
        product.Property(p => p.NameAr).HasMaxLength(Product.NameMaxLength);
        product.Property(p => p.NameEn).HasMaxLength(Product.NameMaxLength);
        product.Property(p => p.OeNumber).HasMaxLength(Product.OeNumberMaxLength);
        product.Property(p => p.VatRate).HasPrecision(4, 2);
        product.Property(p => p.Version).IsRowVersion(); // Npgsql maps this uint to PostgreSQL's xmin
        product.ComplexProperty(p => p.Price, price =>
        {
            price.Property(m => m.Amount).HasColumnName("price_amount").HasPrecision(18, 3); // a dinar has 1,000 millimes
            price.Property(m => m.Currency).HasColumnName("price_currency").HasMaxLength(3).IsFixedLength();
        });
        product.HasIndex(p => p.Sku).IsUnique();
        product.HasIndex(p => p.Search).HasMethod("gin").HasOperators("gin_trgm_ops");
        product.HasOne(p => p.Brand).WithMany().HasForeignKey(p => p.BrandId).OnDelete(DeleteBehavior.Restrict);
        product.HasOne(p => p.Category).WithMany().HasForeignKey(p => p.CategoryId).OnDelete(DeleteBehavior.Restrict);
        // The page of one brand or category, in the order of the keyset.
        product.HasIndex(p => new { p.BrandId, p.Id });
        product.HasIndex(p => new { p.CategoryId, p.Id });
    }
}
