namespace Shabou.Schema.Ops;

/// <summary>Something a person must know. Whoever inserts it in the transaction that made it true has said it: from then on it is sent by webhook until it is through.</summary>
public sealed class Alert
{
    public const int KindMaxLength = 64;
    public const int SubjectMaxLength = 200;
    public const int SummaryMaxLength = 500;
    public const int OnceKeyMaxLength = 200;
    public const int ErrorMaxLength = 500;

    /// <summary>UUIDv7; receivers tell repeated deliveries by it.</summary>
    public required Guid Id { get; init; }

    /// <summary>Which rule spoke, for example <c>job-dead</c> or <c>budget-threshold</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is about, for example a job's id or <c>places 2026-11</c>.</summary>
    public required string Subject { get; init; }

    public required AlertSeverity Severity { get; init; }

    /// <summary>One sentence: what happened, and what to do.</summary>
    public required string Summary { get; init; }

    /// <summary>Figures for a machine, JSON.</summary>
    public string? Detail { get; init; }

    /// <summary>Unique when set: an alert that may be said only once.</summary>
    public string? OnceKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the receiver took it; null while it is on its way.</summary>
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; set; }

    /// <summary>Why the last delivery failed.</summary>
    public string? LastError { get; set; }
}

/// <summary>How soon a person should look. Stored and sent as text.</summary>
public enum AlertSeverity
{
    /// <summary>Good to know, for example that an alert is over.</summary>
    Info,

    /// <summary>Today.</summary>
    Warning,

    /// <summary>Now.</summary>
    Critical,
}
