using System.ComponentModel.DataAnnotations;

namespace Shabou.ForecastService.Groups;

/// <summary>How much may be reconciled while somebody waits. Section <c>Forecast:Groups</c>. Sums from the bottom up have no limit.</summary>
public sealed class GroupOptions
{
    public const string Section = "Forecast:Groups";

    /// <summary>Parts below the asked category; above it a 422 problem. Default 3,000: of monthly histories some seconds of processor time.</summary>
    [Range(1, 20_000)] public int MostParts { get; set; } = 3_000;

    /// <summary>Categories below and with the asked one. Default 500: each is forecast, and the work grows with their cube.</summary>
    [Range(1, 2_000)] public int MostCategories { get; set; } = 500;
}
