using System.Globalization;
using Shabou.Schema.Catalog;

namespace Shabou.CatalogApi.Prices;

/// <summary>A row as it was read: what is staged.</summary>
/// <param name="Sku">Null when it cannot be one.</param>
/// <param name="Amount">Null when the text is not an amount that may be a price.</param>
/// <param name="Column">Which column is wrong, with <paramref name="Error"/>.</param>
internal readonly record struct PriceListLine(int Line, string? Sku, decimal? Amount, string? Column = null, string? Error = null);

/// <summary>How single values are written, and why they are refused.</summary>
internal static class PriceListFields
{
    private const decimal Largest = 999_999_999.999m;
    private const int LongestAmount = 28; // what decimal holds without rounding
    private const int LongestQuote = 40;

    /// <summary>Puts a row together from its texts.</summary>
    /// <param name="price">Null when there is none; may have one point, and an exponent.</param>
    /// <param name="priceColumn">Name of the column, for errors.</param>
    public static PriceListLine Read(int line, string sku, string? price, string priceColumn)
    {
        var wrongSku = RefuseSku(sku);
        var wrongPrice = ReadAmount(price, out var amount);
        return new(line, wrongSku is null ? sku : null, wrongPrice is null ? amount : null,
            wrongSku is not null ? "sku" : wrongPrice is not null ? priceColumn : null, wrongSku ?? wrongPrice);
    }

    /// <summary>A value as it may stand in a message: quoted, printable and not endless.</summary>
    public static string Quote(string value)
    {
        var end = value.Length <= LongestQuote ? value.Length : char.IsHighSurrogate(value[LongestQuote - 1]) ? LongestQuote - 1 : LongestQuote;
        return $"'{string.Concat(value.Take(end).Select(c => char.IsControl(c) ? '?' : c))}{(end < value.Length ? "..." : "")}'";
    }

    private static string? RefuseSku(string sku) =>
        sku.Length == 0 ? "The SKU is missing."
        : sku.Length > Product.SkuMaxLength || sku.Any(char.IsControl) ? $"The SKU {Quote(sku)} is none: a SKU has at most {Product.SkuMaxLength} printable characters."
        : null;

    private static string? ReadAmount(string? text, out decimal amount)
    {
        amount = 0;
        if (string.IsNullOrEmpty(text)) return "The price is missing.";
        const NumberStyles form = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (text.Length > LongestAmount || !decimal.TryParse(text, form, CultureInfo.InvariantCulture, out amount)) return $"The price {Quote(text)} is not a number such as 12.500.";
        if (amount < 0) return $"The price {Quote(text)} is negative.";
        if (amount > Largest) return $"The price {Quote(text)} is above {Largest.ToString(CultureInfo.InvariantCulture)}.";
        return decimal.Round(amount, 3) == amount ? null : $"The price {Quote(text)} has more than three decimals; a dinar has 1,000 millimes.";
    }
}
