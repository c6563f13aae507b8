using System.Globalization;

namespace Shabou.Migrator.Demo;

/// <summary>Numbers as boxes have them, under the prefix of Tunisia (619): EAN-13 with a right check digit.</summary>
internal static class DemoGtin
{
    /// <param name="brand">0 to 999: whose.</param>
    /// <param name="item">0 to 999,999: which of theirs.</param>
    public static string Of(int brand, int item)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"619{brand:D3}{item:D6}");
        var sum = digits.Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 1 : 3)).Sum(); // of 13 digits the last but one counts threefold
        return digits + (char)('0' + (10 - sum % 10) % 10);
    }
}
