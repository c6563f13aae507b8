using System.ComponentModel.DataAnnotations;

namespace Shabou.ForecastService.Models;

/// <summary>Where learned models are kept beside the database. Section <c>Forecast:Models</c>.</summary>
internal sealed class ModelOptions
{
    public const string Section = "Forecast:Models";

    /// <summary>What all keys in Redis begin with; replicas of one shop have the same, two shops on one Redis do not. Default shabou:forecast.</summary>
    [Required, StringLength(100, MinimumLength = 1)] public string Prefix { get; set; } = "shabou:forecast";

    /// <summary>How long a model stays in Redis after somebody needed it. Default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")] public TimeSpan TimeToLive { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long Redis may take before the database is asked instead. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")] public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(500);
}
