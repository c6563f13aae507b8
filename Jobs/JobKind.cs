using Shabou.Schema.Jobs;

namespace Shabou.Jobs;

/// <summary>A kind of job: what its handler promises.</summary>
/// <param name="Name">Unique, for example <c>forecast.train</c>; at most 64 characters. Rows carry it, so it never changes.</param>
/// <param name="Queue">Which workers take it, for example <c>forecast</c>; at most 32 characters.</param>
/// <param name="Timeout">An attempt that runs longer is cancelled and has failed; if it ignores that, it is abandoned after <see cref="JobOptions.Grace"/>.</param>
public abstract record JobKind(string Name, string Queue, TimeSpan Timeout)
{
    /// <summary>Default <see cref="JobPriority.P3"/>.</summary>
    public JobPriority Priority { get; init; } = JobPriority.P3;

    /// <summary>How often it is started before it is dead. Default: <see cref="JobOptions.MaxAttempts"/>.</summary>
    public int? MaxAttempts { get; init; }
}

/// <inheritdoc cref="JobKind"/>
/// <typeparam name="TPayload">Its input; travels as JSON with web defaults.</typeparam>
public sealed record JobKind<TPayload>(string Name, string Queue, TimeSpan Timeout) : JobKind(Name, Queue, Timeout);
