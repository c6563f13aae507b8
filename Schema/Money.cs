namespace Shabou.Schema;

/// <summary>An amount in one currency. The dinar (TND) has three decimals: 1,000 millimes.</summary>
/// <param name="Amount">At most 15 digits before and 3 after the point.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
public sealed record Money(decimal Amount, string Currency)
{
    /// <summary>What the shop trades in.</summary>
    public const string Dinar = "TND";

    /// <summary>An amount in dinars.</summary>
    public static Money Tnd(decimal amount) => new(amount, Dinar);
}
