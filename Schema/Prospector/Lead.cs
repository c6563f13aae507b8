namespace Shabou.Schema.Prospector;

/// <summary>A business that may become a customer: Google's ids for it and our own facts. What Google says about it is in <see cref="GoogleContent"/>.</summary>
public sealed class Lead
{
    public const int PlaceIdMaxLength = 300;
    public const int GovernorateMaxLength = Campaign.LocationMaxLength;
    public const int NameMaxLength = 200;
    public const int OwnerMaxLength = 100;
    public const int NotesMaxLength = 4000;
    public const int StageReasonMaxLength = 300;
    public const int ActorMaxLength = 200;
    public const int TraceMaxLength = 64;

    public required Guid Id { get; init; }

    /// <summary>The Google id that it was found by; may be kept for ever. Unique. All its ids are <see cref="LeadPlace"/>s.</summary>
    public required string PlaceId { get; init; }

    public required LeadStage Stage { get; set; }

    /// <summary>Why it is in that stage; always there when lost.</summary>
    public string? StageReason { get; set; }

    /// <summary>The campaign's location that it was first found in, the governorate's French name where that is one.</summary>
    public required string Governorate { get; set; }

    /// <summary>What we call it: our own fact, which stays when Google's name is gone.</summary>
    public string? Name { get; set; }

    /// <summary>Who works on it.</summary>
    public string? Owner { get; set; }

    public string? Notes { get; set; }

    /// <summary>The day to call or write again.</summary>
    public DateOnly? FollowUpOn { get; set; }

    /// <summary>Name and notes as a search sees them.</summary>
    public string Search { get; set; } = "";

    /// <summary>0 to 100, see ProspectorService/Leads/LeadScore.</summary>
    public int Score { get; set; }

    /// <summary>Of the rules that gave the score; 0 when none has.</summary>
    public int ScoreVersion { get; set; }

    /// <summary>JSON: [{"code", "points"}]. Codes, never Google's words: they stay when its content goes.</summary>
    public string ScoreReasons { get; set; } = "[]";

    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When a search last returned it; Google asks to refresh ids older than twelve months.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>Who last changed our own facts, as the history of stages and the audit take it.</summary>
    public string ChangedBy { get; set; } = "system";

    public string? ChangedTrace { get; set; }

    /// <summary>Counts changes of our own facts and contacts. A sweep that finds the lead again changes no version that a person has read.</summary>
    public int Revision { get; set; }

    /// <summary>Null when expired, purged, or never stored.</summary>
    public GoogleContent? GoogleContent { get; init; }

    public List<LeadPlace> Places { get; } = [];
    public List<LeadContact> Contacts { get; } = [];
}

/// <summary>How far the shop is with a lead. Stored and sent as text.</summary>
public enum LeadStage
{
    /// <summary>Found, nobody has looked.</summary>
    New,

    /// <summary>Somebody has called or written.</summary>
    Contacted,

    /// <summary>Needs our parts and may buy them.</summary>
    Qualified,

    /// <summary>Has an offer of ours.</summary>
    Offered,

    /// <summary>Has bought.</summary>
    Customer,

    /// <summary>Not interested, closed, or no business for us; the reason says which.</summary>
    Lost,
}
