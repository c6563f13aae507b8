using System.ComponentModel.DataAnnotations;

namespace Shabou.Schema.BackupAges;

/// <summary>How old the newest verified backup of a kind may become. BackupService and the gateway read it, so both must be given it.</summary>
public sealed class BackupAgeOptions
{
    public const string Section = "Backups";

    /// <summary>A verified backup older than this is an alert and degrades health, at twice this the gateway's report is unhealthy, and a backup service that starts later than this after it makes one. Default 26 h: one a day, and two hours to make it.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "31.00:00:00", ErrorMessage = "Backups:TooOld must be from 1 minute to 31 days.")]
    public TimeSpan TooOld { get; set; } = TimeSpan.FromHours(26);
}
