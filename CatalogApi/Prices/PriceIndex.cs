using System.Numerics;

namespace Shabou.CatalogApi.Prices;

/// <summary>The price index of Laspeyres: what the base period's basket costs at today's prices, in percent of what it cost then,
/// <c>100 x sum(p x q0) / sum(p0 x q0)</c>.</summary>
/// <remarks>É. Laspeyres, Die Berechnung einer mittleren Waarenpreissteigerung, Jahrbücher für Nationalökonomie und Statistik 16 (1871) 296-314;
/// Consumer Price Index Manual (ILO, IMF, OECD and others, 2004), chapter 15. Here p0 is a part's first price, q0 its base quantity, p the
/// price that counts now; a part enters when it is added and leaves when it is deleted. The sums are exact to six decimals, the finest that
/// millimes times thousandths have.</remarks>
internal static class PriceIndex
{
    public const int Decimals = 4;
    private const int SumDecimals = 6;

    /// <summary>The index of two sums, rounded once: half up to <see cref="Decimals"/> decimals. Null of an empty basket, which has no prices to compare.</summary>
    public static decimal? Of(decimal baseValue, decimal currentValue)
    {
        if (baseValue == 0) return null;
        // In whole numbers: a quotient of decimals would be rounded before it is rounded.
        var (numerator, denominator) = (Whole(currentValue) * 100 * Power(Decimals), Whole(baseValue));
        var rounded = (2 * numerator + denominator) / (2 * denominator); // neither is negative
        return (decimal)rounded * 0.0001m;
    }

    private static BigInteger Whole(decimal value)
    {
        var units = decimal.Truncate(value);
        return (BigInteger)units * Power(SumDecimals) + (BigInteger)((value - units) * 1_000_000m);
    }

    private static BigInteger Power(int decimals) => BigInteger.Pow(10, decimals);
}
