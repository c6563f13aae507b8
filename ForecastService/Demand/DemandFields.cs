using System.Globalization;

namespace Shabou.ForecastService.Demand;

/// <summary>How single values are written.</summary>
internal static class DemandFields
{
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
