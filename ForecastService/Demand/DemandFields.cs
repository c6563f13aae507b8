using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shabou.Schema.Forecast;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.ForecastService.Demand;

/// <summary>How single values are written.</summary>
internal static class DemandFields
{
    /// <summary>1 to 64 printable characters.</summary>
    public static bool IsSku(string text) => text.Length is > 0 and <= DemandSeries.SkuMaxLength && !text.Any(char.IsControl);

    /// <summary>Why this cannot be a SKU, for rows.</summary>
    public static string WrongSku(string text) => $"The SKU {RowErrors.Quote(text)} must have 1 to {DemandSeries.SkuMaxLength} printable characters.";

    /// <summary>400 when this cannot be a SKU.</summary>
    public static ProblemHttpResult? RefuseSku(string text) =>
        IsSku(text) ? null : Problem.Invalid("sku", $"must have 1 to {DemandSeries.SkuMaxLength} printable characters.");

    /// <summary>A finite number of 0 or more, with a decimal point, also as 1e3; UTF-8.</summary>
    public static bool TryReadQuantity(ReadOnlySpan<byte> text, out double quantity) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out quantity)
        && quantity >= 0 && double.IsFinite(quantity);

    /// <summary>A date, 2026-01-31, or a month, 2026-01, which is its first day.</summary>
    public static bool TryReadPeriod(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM"], CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>1, 0, true, false; empty is true.</summary>
    public static bool TryReadInStock(string text, out bool inStock)
    {
        inStock = text is "" or "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase);
        return inStock || text is "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase);
    }
}
