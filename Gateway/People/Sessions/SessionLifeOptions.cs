using System.ComponentModel.DataAnnotations;

namespace Shabou.Gateway.People.Sessions;

/// <summary>How long people stay signed in.</summary>
public sealed class SessionLifeOptions
{
    public const string Section = "Sessions";

    /// <summary>Who does not come back within this time signs in again: the life of a refresh token. Default 14 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00", ErrorMessage = "Sessions:RefreshFor must be from 1 hour to 90 days.")]
    public TimeSpan RefreshFor { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Everybody signs in again after this time. Default 90 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00", ErrorMessage = "Sessions:LastFor must be from 1 hour to 365 days.")]
    public TimeSpan LastFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>A code from the sign-in must be exchanged within this time. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00", ErrorMessage = "Sessions:CodeFor must be from 5 s to 10 minutes.")]
    public TimeSpan CodeFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often what is over is deleted. Default once a day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00", ErrorMessage = "Sessions:CleanEvery must be from 1 minute to 7 days.")]
    public TimeSpan CleanEvery { get; set; } = TimeSpan.FromDays(1);
}
