using System.ComponentModel.DataAnnotations;

namespace Shabou.ForecastService.Replenishment;

/// <summary>How the list of orders is kept between its pages. Section <c>Forecast:Replenishment</c>.</summary>
public sealed class ReplenishmentOptions
{
    public const string Section = "Forecast:Replenishment";

    /// <summary>How long the order of the list stays for the pages after the first. Then it is counted anew, and a walk goes on at its place. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")] public TimeSpan KeepRanking { get; set; } = TimeSpan.FromMinutes(5);
}
