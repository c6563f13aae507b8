namespace Shabou.Schema.Prospector;

/// <summary>What Google says about a lead. Its terms let us keep it for at most 30 days: the row is deleted then, the lead stays.</summary>
public sealed class GoogleContent
{
    public const int TextMaxLength = 500;
    public const int PhoneMaxLength = 40;
    public const int WebsiteMaxLength = 2000;
    public const int LongestDays = 30;

    public required Guid LeadId { get; init; }

    /// <summary>Which of the lead's places speaks here; null in rows of before there were several.</summary>
    public string? PlaceId { get; set; }

    /// <summary>In the campaign's language.</summary>
    public required string Name { get; set; }

    /// <summary>The name as doubles are told by: folded, without legal forms.</summary>
    public string? MatchName { get; set; }

    public string? Address { get; set; }

    /// <summary>Degrees.</summary>
    public double? Latitude { get; set; }

    /// <summary>Degrees.</summary>
    public double? Longitude { get; set; }

    public string? NationalPhone { get; set; }

    /// <summary>As Google writes it: +216 and the national number with spaces.</summary>
    public string? InternationalPhone { get; set; }

    public string? Website { get; set; }

    /// <summary>1.0 to 5.0.</summary>
    public double? Rating { get; set; }

    /// <summary>OPERATIONAL, CLOSED_TEMPORARILY or CLOSED_PERMANENTLY.</summary>
    public string? BusinessStatus { get; set; }

    /// <summary>Google's types.</summary>
    public required string[] Types { get; set; }

    public required DateTimeOffset FetchedAt { get; set; }

    /// <summary>From then on it is neither shown nor kept.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }
}
