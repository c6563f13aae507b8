namespace Shabou.Schema.Forecast;

/// <summary>What a planner expects of a part in one period instead of the statistical forecast. Both are kept and scored against each other.</summary>
public sealed class ForecastOverride
{
    public const int ReasonMaxLength = 500;

    public required string Sku { get; init; }

    /// <summary>First day of the period.</summary>
    public required DateOnly Period { get; init; }

    /// <summary>Units expected, at least 0, finite.</summary>
    public required double Quantity { get; set; }

    /// <summary>Why, for whoever looks at the score later.</summary>
    public required string Reason { get; set; }

    public required string ChangedBy { get; set; }
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>PostgreSQL's xmin: changes with each write.</summary>
    public uint Version { get; init; }
}
