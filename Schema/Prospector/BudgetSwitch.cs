namespace Shabou.Schema.Prospector;

/// <summary>One row per scope, which every change of the ledger locks first: so grants are made one after the other, and the switch works at once.</summary>
public sealed class BudgetSwitch
{
    public const int ScopeMaxLength = 20;
    public const int ReasonMaxLength = 500;
    public const int ActorMaxLength = 100;
    public const int TraceMaxLength = 64;

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

    /// <summary>Replaces the configured cap; null leaves it. Lower counts at once and until changed; higher only before <see cref="RaisedUntil"/>.</summary>
    public int? CallsPerDay { get; set; }

    /// <summary>As <see cref="CallsPerDay"/>.</summary>
    public int? CallsPerMonth { get; set; }

    /// <summary>As <see cref="CallsPerDay"/>, in millionths of a US dollar.</summary>
    public long? MicrosPerMonth { get; set; }

    /// <summary>By the database's clock: from then on a raised cap is the configured one again. Null raises nothing.</summary>
    public DateTimeOffset? RaisedUntil { get; set; }

    /// <summary>Trace id of the request that last switched it.</summary>
    public string? ChangedTrace { get; set; }

    /// <summary>The last day that calls were granted on. A day never goes back, so a clock that does opens no spent day again.</summary>
    public DateOnly? LastDay { get; set; }

    /// <summary>Grows with each change of the ledger, so that whoever copies its counts can tell older from newer.</summary>
    public long LedgerVersion { get; set; }

    /// <summary>Changes with each switch and each change of caps, not with each grant: what an ETag is made of.</summary>
    public required int Revision { get; set; }
}
