using Microsoft.Extensions.Options;
using Shabou.PlacesSimulator.Access;
using Shabou.PlacesSimulator.Errors;

namespace Shabou.PlacesSimulator.Calls;

/// <summary>Answers as a fault wants it.</summary>
internal sealed class FaultAnswers(IOptions<PlacesOptions> options, TimeProvider time)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    private static readonly string[] MalformedBodies =
    [
        """{"places":[{"id":"ChIJ""",
        "<!DOCTYPE html><html><body>Service Unavailable</body></html>",
        """{"places":{"id":7},"nextPageToken":[]}""",
        "null",
    ];

    private int _malformed = -1;

    /// <summary>The wrong answer, once it is due; null when the right one is to follow.</summary>
    public async Task<IResult?> AnswerAsync(DealtFault fault, string method, CancellationToken callerGone)
    {
        switch (fault.Answer)
        {
            case Fault.MinuteQuota: return GoogleError.ResourceExhausted(method, perDay: false, options.Value.CallsPerMinute);
            case Fault.DayQuota: return GoogleError.ResourceExhausted(method, perDay: true, options.Value.CallsPerDay);
            case Fault.Error: return GoogleError.Internal();
            case Fault.Unavailable: return GoogleError.Unavailable();
            case Fault.Malformed: return TypedResults.Text(MalformedBodies[(int)((uint)Interlocked.Increment(ref _malformed) % MalformedBodies.Length)], "application/json");
            case Fault.Oversized: return new OversizedAnswer();
            case Fault.Dropped: return new CutConnection();
            case Fault.Timeout:
                await Task.Delay(LongestSilence, time, callerGone);
                return new CutConnection();
            case Fault.Slow:
                await Task.Delay(fault.Delay, time, callerGone);
                return null;
            default: return null;
        }
    }

    /// <summary>The first malformed answer is the first of its kind again.</summary>
    public void Reset() => Volatile.Write(ref _malformed, -1);
}

/// <summary>No answer: the connection ends.</summary>
internal sealed class CutConnection : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Abort();
        return Task.CompletedTask;
    }
}

/// <summary>Valid JSON without an end in sight, and without saying its length before.</summary>
internal sealed class OversizedAnswer : IResult
{
    private const int Size = 8_000_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var padding = new byte[Size / 100];
        padding.AsSpan().Fill((byte)'x');
        httpContext.Response.ContentType = "application/json";
        await httpContext.Response.BodyWriter.WriteAsync("{\"padding\":\""u8.ToArray(), httpContext.RequestAborted);
        for (var i = 0; i < 100 && !httpContext.RequestAborted.IsCancellationRequested; i++) // who has read enough is gone
            await httpContext.Response.BodyWriter.WriteAsync(padding, httpContext.RequestAborted);
        await httpContext.Response.BodyWriter.WriteAsync("\",\"places\":[]}"u8.ToArray(), httpContext.RequestAborted);
    }
}
