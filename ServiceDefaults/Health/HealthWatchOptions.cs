using System.ComponentModel.DataAnnotations;

namespace Shabou.ServiceDefaults.Health;

/// <summary>How often health is looked at in the background. Section <c>Health</c>.</summary>
public sealed class HealthWatchOptions
{
    public const string Section = "Health";

    /// <summary>A dependency that goes away is noticed within this: <see cref="Every"/> and <see cref="Patience"/> together are less.</summary>
    internal static readonly TimeSpan Promise = TimeSpan.FromSeconds(10);

    /// <summary>Between two looks at one check. Default 3 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:08", ErrorMessage = "Health:Every must be from 0.1 to 8 seconds.")]
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>A check that takes longer counts as failed. Default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:08", ErrorMessage = "Health:Patience must be from 0.1 to 8 seconds.")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);
}
