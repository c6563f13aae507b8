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

    /// <summary>No configuration and no administrator passes this: $500.</summary>
    public const long HardMostMicrosPerMonth = 500_000_000;

    /// <summary>Older prices are not believed.</summary>
    public const int MostPriceAgeDays = 90;

    /// <summary>A clock that is further off than this, either way, is not believed.</summary>
    public static readonly TimeSpan MostClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>A raised cap falls back after this at the latest.</summary>
    public static readonly TimeSpan LongestRaise = TimeSpan.FromDays(31);

    private static readonly int[] DefaultAlerts = [100, 200, 250];

    /// <summary>Calls a day of America/Los_Angeles, and in any 24 hours. Default 150; zero stops all calls.</summary>
    [Range(0, HardMostPerDay)]
    public int CallsPerDay { get; set; } = 150;

    /// <summary>Calls a month of America/Los_Angeles. Default 4,500.</summary>
    [Range(0, HardMostPerMonth)]
    public int CallsPerMonth { get; set; } = 4_500;

    /// <summary>Millionths of a US dollar a month of America/Los_Angeles. Default 300,000,000: $300.</summary>
    [Range(0, HardMostMicrosPerMonth)]
    public long MicrosPerMonth { get; set; } = 300_000_000;

    /// <summary>Whole US dollars a month; each is told once when the month's calls cost as much. Empty: 100, 200 and 250.</summary>
    [MaxLength(20)]
    public List<int> AlertsAt { get; init; } = [];

    /// <summary>Where Redis has the counts, for monitoring. Default <c>shabou:budget:places</c>.</summary>
    [Required, MaxLength(100)]
    public string MirrorKey { get; set; } = "shabou:budget:places";

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

    /// <summary>The thresholds of <see cref="AlertsAt"/>, lowest first.</summary>
    internal IEnumerable<int> Thresholds => (AlertsAt.Count > 0 ? AlertsAt : [.. DefaultAlerts]).Distinct().Order();
}

/// <summary>The price of one kind of call.</summary>
public sealed class SkuPrice
{
    internal const long HighestPrice = 10_000_000;

    /// <summary>Millionths of a US dollar for one call.</summary>
    [Range(0, HighestPrice)]
    public long MicrosPerCall { get; set; }

    /// <summary>Calls a month that cost nothing.</summary>
    [Range(0, int.MaxValue)]
    public int FreePerMonth { get; set; }

    /// <summary>When the price was read from Google's list. After 90 days it is not believed any more.</summary>
    public DateOnly ReadOn { get; set; }

    /// <param name="today">By the ledger's clock.</param>
    internal int AgeDays(DateOnly today) => today.DayNumber - ReadOn.DayNumber;

    // Read "tomorrow" is a matter of time zones; read next year is a typing error that would never grow old.
    internal bool IsStale(DateOnly today) => AgeDays(today) is < -1 or > PlacesBudgetOptions.MostPriceAgeDays;

    /// <summary>What so many more calls cost after so many this month.</summary>
    internal long Cost(int callsSoFar, int calls) => MicrosPerCall * (calls - Math.Clamp(FreePerMonth - callsSoFar, 0, calls));

    internal bool IsValid => MicrosPerCall is >= 0 and <= HighestPrice && FreePerMonth >= 0;
}
