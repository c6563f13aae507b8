using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shabou.Schema.Catalog;

internal sealed class SearchWordConfiguration : IEntityTypeConfiguration<SearchWord>
{
    public void Configure(EntityTypeBuilder<SearchWord> word)
    {
        word.ToTable("search_words", "catalog");
        word.HasKey(w => w.Word);
        word.Property(w => w.Word).HasMaxLength(SearchWord.WordMaxLength).UseCollation("C"); // a prefix is a range of the key
        word.HasIndex(w => w.Word, "ix_search_words_trigrams").HasMethod("gist").HasOperators("gist_trgm_ops"); // nearest first
    }
}
