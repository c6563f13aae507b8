namespace Shabou.Schema.Prospector;

/// <summary>A business that may become a customer: Google's id for it and our own facts. What Google says about it is in <see cref="GoogleContent"/>.</summary>
public sealed class Lead
{
    public const int PlaceIdMaxLength = 300;
    public const int GovernorateMaxLength = Campaign.LocationMaxLength;

    public required Guid Id { get; init; }

    /// <summary>Google's id; may be kept for ever. Unique.</summary>
    public required string PlaceId { get; init; }

    public required LeadStage Stage { get; set; }

    /// <summary>The campaign's location that it was first found in.</summary>
    public required string Governorate { get; set; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When a search last returned it; Google asks to refresh ids older than twelve months.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>Null when expired, purged, or never stored.</summary>
    public GoogleContent? GoogleContent { get; init; }

    /// <summary>PostgreSQL's xmin.</summary>
    public uint Version { get; init; }
}

/// <summary>How far the shop is with a lead. Stored and sent as text.</summary>
public enum LeadStage
{
    /// <summary>Found, nobody has looked.</summary>
    New,

    /// <summary>Somebody has called or written.</summary>
    Contacted,

    /// <summary>Buys or will buy parts.</summary>
    Qualified,

    /// <summary>A customer.</summary>
    Won,

    /// <summary>Not interested, closed, or no business for us.</summary>
    Lost,
}
