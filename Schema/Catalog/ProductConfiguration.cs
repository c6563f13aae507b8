using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NpgsqlTypes;

namespace Shabou.Schema.Catalog;

internal sealed class ProductConfiguration : IEntityTypeConfiguration<Product>
{
    public void Configure(EntityTypeBuilder<Product> product)
    {
        product.ToTable("products", "catalog", table =>
        {
            table.HasCheckConstraint("ck_products_price", "price_amount >= 0");
            table.HasCheckConstraint("ck_products_base", "base_price >= 0 AND base_quantity >= 0");
            table.HasCheckConstraint("ck_products_vat_rate", "vat_rate IN (7, 13, 19)");
            table.HasCheckConstraint("ck_products_sku", "sku <> ''");
            table.HasCheckConstraint("ck_products_gtin", "gtin ~ '^([0-9]{8}|[0-9]{12,14})$'");
            table.HasCheckConstraint("ck_products_replaced_by", "replaced_by_id <> id");
        });
        product.Property(p => p.Id).ValueGeneratedNever(); // UUIDv7, made in code
        product.Property(p => p.Sku).HasMaxLength(Product.SkuMaxLength);
        product.Property(p => p.ExternalId).HasMaxLength(Product.ExternalIdMaxLength);
        product.Property(p => p.Gtin).HasMaxLength(Product.GtinMaxLength);
        product.Property(p => p.NameFr).HasMaxLength(Product.NameMaxLength);
        product.Property(p => p.NameAr).HasMaxLength(Product.NameMaxLength);
        product.Property(p => p.NameEn).HasMaxLength(Product.NameMaxLength);
        product.Property(p => p.OeNumber).HasMaxLength(Product.OeNumberMaxLength);
        product.Property(p => p.VatRate).HasPrecision(4, 2);
        product.Property(p => p.PriceSetAfter).HasDefaultValue(0);
        product.Property(p => p.BaseQuantity).HasPrecision(12, 3).HasDefaultValue(1m);
        product.Property(p => p.Version).IsRowVersion(); // Npgsql maps this uint to PostgreSQL's xmin
        product.HasAuditStamps();
        product.ComplexProperty(p => p.Price, price =>
        {
            price.Property(m => m.Amount).HasColumnName("price_amount").HasPrecision(18, 3); // a dinar has 1,000 millimes
            price.Property(m => m.Currency).HasColumnName("price_currency").HasMaxLength(3).IsFixedLength();
        });

        // What the triggers of the schema set.
        SetByDatabase(product.Property(p => p.BasePrice).HasPrecision(18, 3));
        SetByDatabase(product.Property(p => p.Card));
        SetByDatabase(product.Property<NpgsqlTsVector>("Lexemes"));
        product.HasIndex("Lexemes").HasMethod("gin");

        product.HasIndex(p => p.Sku).IsUnique();
        product.HasIndex(p => p.ExternalId).IsUnique();
        product.HasIndex(p => new { p.BrandId, p.Gtin }).IsUnique();
        product.HasIndex(p => p.Gtin);
        product.HasOne(p => p.Brand).WithMany().HasForeignKey(p => p.BrandId).OnDelete(DeleteBehavior.Restrict);
        product.HasOne(p => p.Category).WithMany().HasForeignKey(p => p.CategoryId).OnDelete(DeleteBehavior.Restrict);
        product.HasOne<Product>().WithMany().HasForeignKey(p => p.ReplacedById).OnDelete(DeleteBehavior.Restrict);
        product.HasIndex(p => p.ReplacedById).HasFilter("replaced_by_id IS NOT NULL");
        // The page of one brand or category in the order of the keyset.
        product.HasIndex(p => new { p.BrandId, p.Id });
        product.HasIndex(p => new { p.CategoryId, p.Id });
    }

    private static void SetByDatabase<T>(PropertyBuilder<T> property)
    {
        property.ValueGeneratedOnAddOrUpdate();
        property.Metadata.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
        property.Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
    }
}
