using System.ComponentModel.DataAnnotations;

namespace Shabou.Jobs;

/// <summary>How the workers of a service take jobs. Section <c>Jobs</c>.</summary>
public sealed class JobOptions
{
    public const string Section = "Jobs";

    /// <summary>Jobs that one process runs at once. Default 2.</summary>
    [Range(1, 64)] public int Concurrency { get; set; } = 2;

    /// <summary>How long a job stays claimed without a sign of life. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")] public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a running job's lease is renewed. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")] public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the table is asked for work when there was none. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")] public TimeSpan Poll { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A job that runs longer is cancelled and counts as failed. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a job is started before it is dead. Default 8.</summary>
    [Range(1, 100)] public int MaxAttempts { get; set; } = 8;
}
