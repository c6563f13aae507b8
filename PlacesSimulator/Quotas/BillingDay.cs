namespace Shabou.PlacesSimulator.Quotas;

/// <summary>Google's quota days end at midnight in California.</summary>
internal static class BillingDay
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles");

    public static DateOnly Of(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);
}
