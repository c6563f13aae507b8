using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Forecast;

internal sealed class PromotionConfiguration : IEntityTypeConfiguration<Promotion>
{
    public void Configure(EntityTypeBuilder<Promotion> promotion)
    {
        promotion.ToTable("promotions", "forecast", table =>
        {
            table.HasCheckConstraint("ck_promotions_for", "(sku IS NULL) <> (group_path IS NULL) AND sku <> '' AND group_path LIKE '%/'");
            table.HasCheckConstraint("ck_promotions_days", "from_day <= to_day");
            table.HasCheckConstraint("ck_promotions_kind", "kind <> ''");
        });
        promotion.Property(p => p.Id).ValueGeneratedNever(); // UUIDv7, made in code
        promotion.Property(p => p.Sku).HasMaxLength(DemandSeries.SkuMaxLength).UseCollation("C");
        promotion.Property(p => p.Group).HasColumnName("group_path").HasMaxLength(Promotion.GroupMaxLength).UseCollation("C"); // GROUP and FROM are words of SQL
        promotion.Property(p => p.From).HasColumnName("from_day");
        promotion.Property(p => p.To).HasColumnName("to_day");
        promotion.Property(p => p.Kind).HasMaxLength(Promotion.KindMaxLength);
        promotion.Property(p => p.Name).HasMaxLength(Promotion.NameMaxLength);
        promotion.Property(p => p.CreatedBy).HasMaxLength(PlanningParameters.ActorMaxLength);
        // The same promotion sent again is one promotion.
        promotion.HasIndex(p => new { p.Sku, p.Group, p.Kind, p.From, p.To }).IsUnique().AreNullsDistinct(false);
    }
}
