using System.ComponentModel.DataAnnotations;

namespace Shabou.Jobs;

/// <summary>How the workers of a service take jobs. Section <c>Jobs</c>.</summary>
public sealed class JobOptions
{
    public const string Section = "Jobs";

    /// <summary>Jobs of one queue that one process runs at once. Default 2.</summary>
    [Range(1, 64)] public int Concurrency { get; set; } = 2;

    /// <summary>The same for single queues, by name.</summary>
    public Dictionary<string, int> QueueConcurrency { get; } = [];

    /// <summary>Jobs that a process claims beyond those it runs, so that very short ones need not wait for the database. Default 0: none waits while
    /// another process has room. They are under lease while they wait.</summary>
    [Range(0, 5_000)] public int Prefetch { get; set; }

    /// <summary>How long a job stays claimed without a sign of life, by the database's clock. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")] public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the leases of running jobs are renewed. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")] public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often jobs are taken from workers that fell silent. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")] public TimeSpan RescueInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the table is asked for work when nobody said that there is some. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")] public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a handler may go on after it was told to stop, before it is abandoned. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:05:00")] public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a job is started before it is dead, unless its kind says otherwise. Default 8.</summary>
    [Range(1, 100)] public int MaxAttempts { get; set; } = 8;

    /// <summary>Payloads and results above this are refused: large things belong in a table of their own. Default 262,144 bytes.</summary>
    [Range(1_024, 10_485_760)] public int MaxResultBytes { get; set; } = 262_144;

    internal int ConcurrencyOf(string queue) => QueueConcurrency.GetValueOrDefault(queue, Concurrency);
}
