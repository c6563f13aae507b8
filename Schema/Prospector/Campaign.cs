namespace Shabou.Schema.Prospector;

/// <summary>What to look for and where: every query is asked for every location.</summary>
public sealed class Campaign
{
    public const int NameMaxLength = 100;
    public const int LocationMaxLength = 60;
    public const int QueryMaxLength = 100;

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

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>PostgreSQL's xmin.</summary>
    public uint Version { get; init; }
}
