using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Catalog;

internal sealed class CategoryConfiguration : IEntityTypeConfiguration<Category>
{
    public void Configure(EntityTypeBuilder<Category> category)
    {
        category.ToTable("categories", "catalog", table => table.HasCheckConstraint("ck_categories_path", "path LIKE '%' || slug || '/'"));
        category.Property(c => c.Id).ValueGeneratedNever();
        category.Property(c => c.NameFr).HasMaxLength(Category.NameMaxLength);
        category.Property(c => c.NameAr).HasMaxLength(Category.NameMaxLength);
        category.Property(c => c.NameEn).HasMaxLength(Category.NameMaxLength);
        category.Property(c => c.Slug).HasMaxLength(Category.SlugMaxLength);
        category.Property(c => c.Path).HasMaxLength(Category.PathMaxLength);
        category.Property(c => c.Version).IsRowVersion();
        category.HasAuditStamps();
        category.HasIndex(c => c.Slug).IsUnique();
        category.HasIndex(c => c.Path).IsUnique().HasOperators("text_pattern_ops"); // serves LIKE 'prefix%' in any collation
        category.HasOne<Category>().WithMany().HasForeignKey(c => c.ParentId).OnDelete(DeleteBehavior.Restrict);
    }
}
