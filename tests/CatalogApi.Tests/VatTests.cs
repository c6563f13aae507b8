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

    [Fact]
    public void Ten_thousand_amounts_agree_with_whole_number_arithmetic()
    {
        var random = new Random(19);
        for (var i = 0; i < 10_000; i++)
        {
            var (millimes, rate) = (random.NextInt64(0, 1_000_000_000_000), new[] { 7, 13, 19 }[random.Next(3)]);
            var expected = (millimes * (100 + rate) + 50) / 100; // half up
            Assert.Equal(expected, Vat.Include(millimes / 1000m, rate) * 1000);
        }
    }

    [Theory]
    [InlineData("96385074", true)] // EAN-8
    [InlineData("036000291452", true)] // UPC-A
    [InlineData("4006381333931", true)] // EAN-13
    [InlineData("10614141000415", true)] // GTIN-14
    [InlineData("4006381333932", false)]
    [InlineData("4006381333913", false)] // the last digits exchanged
    [InlineData("400638133393", false)]
    [InlineData("40063813339３1", false)] // a digit of another script
    [InlineData("", false)]
    public void A_GTIN_has_its_check_digit(string gtin, bool valid) => Assert.Equal(valid, Gtin.IsValid(gtin));

    private static decimal D(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
