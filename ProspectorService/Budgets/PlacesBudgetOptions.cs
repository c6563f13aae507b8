using System.ComponentModel.DataAnnotations;

namespace Shabou.ProspectorService.Budgets;

/// <summary>What Google Places may cost us. Section <c>Prospector:PlacesBudget</c>.</summary>
public sealed class PlacesBudgetOptions
{
    public const string Section = "Prospector:PlacesBudget";

    /// <summary>No configuration passes this: it is twice what a day has ever needed, and stops a typing error.</summary>
    public const int HardMostPerDay = 300;

    /// <summary>No configuration passes this: with 1,000 free calls it is $297.50 of Text Search Enterprise, of $300 allowed.</summary>
    public const int HardMostPerMonth = 9_500;

    /// <summary>Calls a day of America/Los_Angeles. Default 150; zero stops all calls.</summary>
    [Range(0, HardMostPerDay)]
    public int CallsPerDay { get; set; } = 150;

    /// <summary>Calls a month of America/Los_Angeles. Default 4,500.</summary>
    [Range(0, HardMostPerMonth)]
    public int CallsPerMonth { get; set; } = 4_500;

    /// <summary>How long a call may be under way. One that is not settled by then counts as spent. Default 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReservationLifetime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often lapsed reservations are written off. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan LapsedCheck { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the ledger may take to answer; then it counts as away and nothing is granted. Default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan LedgerTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What each SKU costs. One that is not listed is never called.</summary>
    public Dictionary<string, SkuPrice> Prices { get; init; } = [];
}

/// <summary>The price of one kind of call.</summary>
public sealed class SkuPrice
{
    /// <summary>Millionths of a US dollar for one call.</summary>
    [Range(0, 1_000_000)]
    public long MicrosPerCall { get; set; }

    /// <summary>Calls a month that cost nothing.</summary>
    [Range(0, int.MaxValue)]
    public int FreePerMonth { get; set; }

    /// <summary>When the price was read from Google's list.</summary>
    public DateOnly ReadOn { get; set; }
}
