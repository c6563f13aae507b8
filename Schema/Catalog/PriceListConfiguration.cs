using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Catalog;

internal sealed class PriceListConfiguration :
    IEntityTypeConfiguration<Supplier>, IEntityTypeConfiguration<PriceList>, IEntityTypeConfiguration<PriceListRow>, IEntityTypeConfiguration<PriceListError>, IEntityTypeConfiguration<Price>
{
    public void Configure(EntityTypeBuilder<Supplier> supplier)
    {
        supplier.ToTable("suppliers", "catalog");
        supplier.Property(s => s.Id).ValueGeneratedNever();
        supplier.Property(s => s.Slug).HasMaxLength(Brand.SlugMaxLength);
        supplier.Property(s => s.Name).HasMaxLength(Brand.NameMaxLength);
        supplier.Property(s => s.Version).IsRowVersion();
        supplier.HasAuditStamps();
        supplier.HasIndex(s => s.Slug).IsUnique();
        supplier.HasIndex(s => s.CurrentListNumber).IsUnique();
    }

    public void Configure(EntityTypeBuilder<PriceList> list)
    {
        list.ToTable("price_lists", "catalog", table => table.HasCheckConstraint("ck_price_lists_number", "(number IS NOT NULL) = (state IN ('Applied', 'RolledBack'))"));
        list.Property(l => l.Id).ValueGeneratedNever();
        list.Property(l => l.State).HasConversion<string>().HasMaxLength(20);
        list.Property(l => l.OnError).HasConversion<string>().HasMaxLength(20);
        list.Property(l => l.CreatedBy).HasMaxLength(IAudited.ActorMaxLength);
        list.Property(l => l.Version).IsRowVersion();
        list.HasIndex(l => l.Number).IsUnique();
        list.HasIndex(l => new { l.SupplierId, l.Id });
        list.HasOne(l => l.Supplier).WithMany().HasForeignKey(l => l.SupplierId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<PriceListRow> row)
    {
        row.ToTable("price_list_rows", "catalog");
        row.HasKey(r => new { r.PriceListId, r.Line });
        row.Property(r => r.Sku).HasMaxLength(PriceListRow.TextMaxLength);
        row.Property(r => r.Amount).HasPrecision(18, 3);
        row.Property(r => r.ErrorColumn).HasMaxLength(PriceListRow.TextMaxLength);
        row.Property(r => r.Error).HasMaxLength(PriceListError.ReasonMaxLength);
        row.HasOne<PriceList>().WithMany().HasForeignKey(r => r.PriceListId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<PriceListError> error)
    {
        error.ToTable("price_list_errors", "catalog");
        error.HasKey(e => new { e.PriceListId, e.Line, e.Column });
        error.Property(e => e.Column).HasColumnName("field").HasMaxLength(PriceListRow.TextMaxLength);
        error.Property(e => e.Reason).HasMaxLength(PriceListError.ReasonMaxLength);
        error.HasOne<PriceList>().WithMany().HasForeignKey(e => e.PriceListId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<Price> price)
    {
        price.ToTable("prices", "catalog", table => table.HasCheckConstraint("ck_prices_amount", "amount >= 0"));
        price.HasKey(p => new { p.ProductId, p.PriceListNumber });
        price.Property(p => p.Amount).HasPrecision(18, 3);
        price.HasIndex(p => new { p.PriceListNumber, p.Amount, p.ProductId }); // a list in the order of its prices
    }
}
