using System.ComponentModel.DataAnnotations;

namespace Shabou.Schema.SecretAges;

/// <summary>How old secrets may become. At four fifths of it health is degraded, past it unhealthy; nothing is refused.</summary>
public sealed class SecretAgeOptions
{
    public const string Section = "Secrets:MaxAge";

    /// <summary>Passwords of database logins. Default 180 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ErrorMessage = "Secrets:MaxAge:DatabasePasswords must be from 1 to 3650 days.")]
    public TimeSpan DatabasePasswords { get; set; } = TimeSpan.FromDays(180);

    /// <summary>All others. Default 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ErrorMessage = "Secrets:MaxAge:Others must be from 1 to 3650 days.")]
    public TimeSpan Others { get; set; } = TimeSpan.FromDays(90);
}
