using System.ComponentModel.DataAnnotations;

namespace Shabou.Gateway.Database;

/// <summary>How PostgreSQL's own statistics are read. Section <c>DatabaseWatch</c>.</summary>
internal sealed class DatabaseWatchOptions
{
    public const string Section = "DatabaseWatch";

    /// <summary>Between two looks, each of which is one round trip. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "DatabaseWatch:Every must be from 1 s to 10 minutes.")]
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A statement whose calls take longer on average is a slow one. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00", ErrorMessage = "DatabaseWatch:Slow must be from 1 ms to 10 minutes.")]
    public TimeSpan Slow { get; set; } = TimeSpan.FromMilliseconds(500);
}
