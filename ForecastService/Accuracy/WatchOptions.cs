using System.ComponentModel.DataAnnotations;

namespace Shabou.ForecastService.Accuracy;

/// <summary>When forecasts are looked after, and what is an alert. Section <c>Forecast:Watch</c>.</summary>
public sealed class WatchOptions
{
    public const string Section = "Forecast:Watch";

    /// <summary>How often the figures are read. Default a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "1.00:00:00")] public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A served model older than this is an alert. Default 35 days: one monthly run was missed.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")] public TimeSpan MaxModelAge { get; set; } = TimeSpan.FromDays(35);

    /// <summary>Coverage of the 95 % intervals of a class below this is an alert. Default 0.90.</summary>
    [Range(0.0, 1.0)] public double LeastCoverage { get; set; } = 0.90;

    /// <summary>And above this: stock is wasted. Default 0.99.</summary>
    [Range(0.0, 1.0)] public double MostCoverage { get; set; } = 0.99;

    /// <summary>Coverage and tracking signals count from so many tested parts on. Default 30: of fewer they are chance.</summary>
    [Range(1, 1_000_000)] public int LeastParts { get; set; } = 30;

    /// <summary>A part whose tracking signal is beyond this, in either direction, is an alarm. Default 4.</summary>
    [Range(0.1, 1_000.0)] public double TrackingLimit { get; set; } = 4;

    /// <summary>A greater share of parts with such an alarm is an alert. Default 0.35: six errors of one size and random signs are beyond 4 in 22 %.</summary>
    [Range(0.0, 1.0)] public double TrackingShare { get; set; } = 0.35;
}
