namespace Shabou.Schema.Prospector;

/// <summary>One row per scope, which every change of the ledger locks first: so grants are made one after the other, and the switch works at once.</summary>
public sealed class BudgetSwitch
{
    public const int ScopeMaxLength = 20;
    public const int ReasonMaxLength = 500;

    /// <summary>The scope of Google Places.</summary>
    public const string Places = "places";

    public required string Scope { get; init; }

    /// <summary>True: no calls.</summary>
    public required bool Killed { get; set; }

    /// <summary>Why it was last switched.</summary>
    public required string Reason { get; set; }

    /// <summary>The client that last switched it.</summary>
    public required string ChangedBy { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>Lowers the configured cap; null leaves it. It never raises it.</summary>
    public int? CallsPerDay { get; set; }

    /// <summary>Lowers the configured cap; null leaves it. It never raises it.</summary>
    public int? CallsPerMonth { get; set; }

    /// <summary>The last day that calls were granted on. A day never goes back, so a clock that does opens no spent day again.</summary>
    public DateOnly? LastDay { get; set; }

    /// <summary>Changes with each switch, not with each grant: what an ETag is made of.</summary>
    public required int Revision { get; set; }
}
