namespace Shabou.Schema.Forecast;

/// <summary>A time in which a part, or a group of parts, is sold with extra effort: a discount, a campaign.</summary>
public sealed class Promotion
{
    public const int GroupMaxLength = 800;
    public const int KindMaxLength = 40;
    public const int NameMaxLength = 200;

    public required Guid Id { get; init; }

    /// <summary>The part; null when it is for a group.</summary>
    public string? Sku { get; init; }

    /// <summary>Path of a category, each slug followed by a slash; all parts below it. Null when it is for one part.</summary>
    public string? Group { get; init; }

    /// <summary>First day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day.</summary>
    public required DateOnly To { get; init; }

    /// <summary>Promotions of one kind are taken to have one effect on a part: <c>promotion</c>, <c>flyer</c> ...</summary>
    public required string Kind { get; init; }

    /// <summary>For people.</summary>
    public string Name { get; init; } = "";

    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
