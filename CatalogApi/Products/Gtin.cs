namespace Shabou.CatalogApi.Products;

/// <summary>Global trade item numbers: EAN-8, UPC-A, EAN-13 and GTIN-14.</summary>
internal static class Gtin
{
    /// <summary>Whether the last digit is the check digit of the others: weights 3 and 1 from the right, to the next multiple of ten
    /// (GS1 General Specifications, section 7.9).</summary>
    public static bool IsValid(string gtin)
    {
        if (gtin.Length is not (8 or 12 or 13 or 14) || !gtin.All(char.IsAsciiDigit)) return false;
        var sum = 0;
        for (var i = 0; i < gtin.Length - 1; i++) sum += (gtin[^(i + 2)] - '0') * (i % 2 == 0 ? 3 : 1);
        return (10 - sum % 10) % 10 == gtin[^1] - '0';
    }
}
