namespace Shabou.CatalogApi.Products;

/// <summary>Tunisian value-added tax.</summary>
internal static class Vat
{
    /// <summary><c>round(amount x (1 + rate / 100), 3)</c>, half up: the rounding of a line; an invoice's total is the sum of its rounded lines.</summary>
    public static decimal Include(decimal amount, decimal rate) =>
        decimal.Round(amount * (100 + rate) / 100, 3, MidpointRounding.AwayFromZero); // amounts are never negative
}
