using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Catalog;

internal sealed class ForecastCopyConfiguration : IEntityTypeConfiguration<ForecastCopy>
{
    public void Configure(EntityTypeBuilder<ForecastCopy> copy)
    {
        copy.ToTable("forecast_copies", "catalog");
        copy.HasKey(c => new { c.ProductId, c.Horizon });
        copy.HasOne<Product>().WithMany().HasForeignKey(c => c.ProductId).OnDelete(DeleteBehavior.Cascade);
    }
}
