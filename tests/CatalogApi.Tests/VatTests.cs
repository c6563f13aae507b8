using Shabou.CatalogApi.Products;

namespace Shabou.CatalogApi.Tests;

public sealed class VatTests
{
    [Theory]
    [InlineData("100", "19", "119.000")]
    [InlineData("92.5", "19", "110.075")]
    [InlineData("0.050", "19", "0.060")]   // 0.0595: half up
    [InlineData("0.150", "7", "0.161")]    // 0.1605: half up
    [InlineData("33.333", "13", "37.666")] // 37.66629
    public void Tax_is_rounded_half_up_to_a_millime(string amount, string rate, string expected) =>
        Assert.Equal(D(expected), Vat.Include(D(amount), D(rate)));

    private static decimal D(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
