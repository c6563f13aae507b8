using Shabou.Schema.Catalog;

namespace Shabou.Schema.Tests;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("Plaquettes de FREIN  arrière", "plaquettes de frein arriere")]
    [InlineData("فـــرامل", "فرامل")]
    [InlineData("أقراص إمامية", "اقراص اماميه")]
    [InlineData("مُحَرِّك", "محرك")]
    [InlineData("يسرى", "يسري")]
    [InlineData("  ", "")]
    public void Writings_of_the_same_word_fold_to_one(string text, string folded) => Assert.Equal(folded, SearchText.Fold(text));

    [Theory]
    [InlineData("06A-905.161 B", "06A905161B")]
    [InlineData("06a905161b", "06A905161B")]
    [InlineData("7701 208/265", "7701208265")]
    [InlineData("O0", "O0")] // the letter and the digit stay apart
    public void Writings_of_an_OE_number_normalise_to_one(string number, string normalised) => Assert.Equal(normalised, OeNumbers.Normalise(number));

    [Theory]
    [InlineData("a\ufffeb", "ab")]
    [InlineData("\uffffÉ", "\uffffe")]
    [InlineData("frein \U0001F697", "frein \U0001F697")]
    public void What_has_no_normal_form_is_left_out(string text, string folded) => Assert.Equal(folded, SearchText.Fold(text));

    [Fact]
    public void Half_a_surrogate_pair_is_no_failure() => Assert.Equal("a\ufffdb", SearchText.Fold(new string(['a', '\ud800', 'b'])));
}
