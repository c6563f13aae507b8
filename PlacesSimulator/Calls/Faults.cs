using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Shabou.PlacesSimulator.Access;
using Shabou.PlacesSimulator.Errors;

namespace Shabou.PlacesSimulator.Calls;

/// <summary>An answer that a test wants instead of the right one.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Fault>))]
internal enum Fault
{
    /// <summary>429 with the minute quota's name.</summary>
    MinuteQuota,

    /// <summary>429 with the day quota's name.</summary>
    DayQuota,

    /// <summary>500 INTERNAL.</summary>
    Error,

    /// <summary>No answer until the caller gives up, two minutes at most.</summary>
    Timeout,
}

/// <summary>Faults for the next calls, first in first out.</summary>
internal sealed class Faults(IOptions<PlacesOptions> options, TimeProvider time)
{
    public const int Most = 10_000;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);
    private readonly ConcurrentQueue<Fault> _next = new();

    public int Waiting => _next.Count;

    public void Add(Fault fault, int count)
    {
        for (var i = 0; i < count; i++) _next.Enqueue(fault);
    }

    public void Clear() => _next.Clear();

    /// <summary>The wrong answer that is due now; null when none is.</summary>
    public async Task<IResult?> TakeAsync(string method, CancellationToken callerGone)
    {
        if (!_next.TryDequeue(out var fault)) return null;
        switch (fault)
        {
            case Fault.MinuteQuota: return GoogleError.ResourceExhausted(method, perDay: false, options.Value.CallsPerMinute);
            case Fault.DayQuota: return GoogleError.ResourceExhausted(method, perDay: true, options.Value.CallsPerDay);
            case Fault.Timeout: await Task.Delay(LongestSilence, time, callerGone); break;
        }
        return GoogleError.Internal();
    }
}
