using System.Globalization;

namespace Shabou.ProspectorService.Matching;

/// <summary>Phone numbers in one form, E.164: a plus, the country's code and the number, without spaces.</summary>
internal static class PhoneNumber
{
    private const string Tunisia = "216";
    private const int TunisianDigits = 8;
    private const int FewestDigits = 8;
    private const int MostDigits = 15;
    private static readonly char[] Between = ['/', ';', ',', '|'];

    /// <summary>+216 and eight digits for Tunisian numbers in any notation ("71 234 567", "(+216) 71.234.567", "00216 71-234-567", Arabic digits), and
    /// foreign ones that say their country. Of several numbers the first.</summary>
    /// <returns>Null for what is no phone number, and for short numbers, which belong to nobody.</returns>
    public static string? Normalise(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var first = text.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "";
        if (first.Any(char.IsLetter)) return null;
        var international = first.TrimStart(' ', '(', '\u200e', '\u200f', '\u202a', '\u202d').StartsWith('+');
        var digits = string.Concat(first.Where(char.IsDigit).Select(digit => (char)('0' + (int)CharUnicodeInfo.GetNumericValue(digit))));
        if (!international && digits.StartsWith("00", StringComparison.Ordinal)) (international, digits) = (true, digits[2..]);
        if (digits.StartsWith(Tunisia, StringComparison.Ordinal) && Own(digits[Tunisia.Length..].TrimStart('0')) is { } prefixed) return prefixed;
        if (!international) return Own(digits);
        // Tunisian, and wrong: a foreign country's number does not begin so.
        if (digits.StartsWith(Tunisia, StringComparison.Ordinal)) return null;
        return digits.Length is >= FewestDigits and <= MostDigits && digits[0] != '0' ? $"+{digits}" : null;
    }

    private static string? Own(string digits) => digits.Length == TunisianDigits && digits[0] is >= '2' and <= '9' ? $"+{Tunisia}{digits}" : null;
}
