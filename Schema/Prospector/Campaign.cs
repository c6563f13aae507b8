namespace Shabou.Schema.Prospector;

/// <summary>What to look for and where: every query is asked for every location, or in every cell of a grid.</summary>
public sealed class Campaign
{
    public const int NameMaxLength = 100;
    public const int LocationMaxLength = 60;
    public const int QueryMaxLength = 100;
    public const int PresetMaxLength = 40;
    public const int ScheduleMaxLength = 120;
    public const int ScheduleReasonMaxLength = 300;

    /// <summary>Google answers at most three pages of twenty.</summary>
    public const int MostPages = 3;

    public required Guid Id { get; init; }

    /// <summary>Unique.</summary>
    public required string Name { get; set; }

    /// <summary>Governorates or towns as people write them, for example "Sfax".</summary>
    public required string[] Locations { get; set; }

    /// <summary>What is looked for, for example "pièces auto".</summary>
    public required string[] Queries { get; set; }

    /// <summary>1 to 3; each page is one paid call.</summary>
    public required int PagesPerQuery { get; set; }

    /// <summary>"fr", "ar" or "en".</summary>
    public required string LanguageCode { get; set; }

    /// <summary>The preset that its queries are from; null when they are its own.</summary>
    public string? Preset { get; set; }

    /// <summary>JSON: a grid of rectangles instead of locations, see ProspectorService/Campaigns/SearchGrid; null when it has locations.</summary>
    public string? Grid { get; set; }

    /// <summary>How many searches a sweep has: queries times locations or cells of the grid.</summary>
    public required int Searches { get; set; }

    /// <summary>When sweeps start by themselves: a cron expression of Quartz in the time of Africa/Tunis; null when never.</summary>
    public string? Schedule { get; set; }

    /// <summary>Why it sweeps more often than once a month.</summary>
    public string? ScheduleReason { get; set; }

    /// <summary>Occurrences before are not made up for.</summary>
    public DateTimeOffset? ScheduledSince { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string ChangedBy { get; set; } = "system";
    public string? ChangedTrace { get; set; }

    /// <summary>PostgreSQL's xmin.</summary>
    public uint Version { get; init; }
}
