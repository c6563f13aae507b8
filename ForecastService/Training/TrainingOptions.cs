using System.ComponentModel.DataAnnotations;

namespace Shabou.ForecastService.Training;

/// <summary>How training runs. Section <c>Forecast:Training</c>.</summary>
public sealed class TrainingOptions
{
    public const string Section = "Forecast:Training";

    /// <summary>Longest history that is used, in periods; of a longer one its end. Default 3,000, eight years of days.</summary>
    [Range(24, 100_000)] public int MaxPeriods { get; set; } = 3_000;

    /// <summary>Model versions that stay; older ones go with their forecasts. Default 10.</summary>
    [Range(1, 1_000)] public int KeepVersions { get; set; } = 10;
}
