using System.ComponentModel.DataAnnotations;

namespace Shabou.Idempotency;

/// <summary>How long repetitions of a request wait, and for whom.</summary>
public sealed class IdempotencyOptions
{
    public const string Section = "Idempotency";

    /// <summary>A repetition waits so long for the first request; then it is told to come back. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Idempotency:Patience must be from 0.1 s to 1 minute.")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Redis gets so long to answer; then the database alone decides. Default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05", ErrorMessage = "Idempotency:RedisTimeout must be from 10 ms to 5 s.")]
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(250);
}
