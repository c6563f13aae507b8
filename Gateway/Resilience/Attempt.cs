using System.Net;
using System.Runtime.ExceptionServices;
using Polly;
using Polly.CircuitBreaker;

namespace Shabou.Gateway.Resilience;

/// <summary>How one try to ask a service ended: with the beginning of an answer, or with an error.</summary>
/// <param name="Failed">The service is to blame, so the breaker counts it.</param>
internal readonly record struct Attempt(HttpResponseMessage? Answer, Exception? Error, bool Failed)
{
    private static readonly TimeSpan LongestHonouredRetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>What came of a try that a breaker let through or not.</summary>
    internal static Attempt Of(Outcome<Attempt> outcome) => outcome.Exception is { } refused ? new Attempt(null, refused, Failed: false) : outcome.Result;

    /// <summary>The breaker was open; nothing was asked.</summary>
    internal bool WasRefused => Error is BrokenCircuitException;

    /// <summary>Whether this answer says that the service itself is broken. A 502, 503 or 504 that it worded as a problem is about
    /// something behind it, which asking less would not mend, and its own words tell the client more.</summary>
    internal static bool IsFailure(HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.InternalServerError => true,
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            answer.Content.Headers.ContentType?.MediaType != "application/problem+json",
        _ => false,
    };

    /// <summary>Whether asking again, perhaps elsewhere, may help: nothing was answered, or that somebody is not there for the moment.</summary>
    internal bool IsWorthRetrying => Answer is { } answer
        ? answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout && !(Pause > LongestHonouredRetryAfter)
        : Error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError or HttpRequestError.Unknown };

    /// <summary>What the answer's Retry-After asks for, or null.</summary>
    internal TimeSpan? Pause => Answer?.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - DateTimeOffset.UtcNow : null;

    internal HttpResponseMessage Unwrap()
    {
        if (Error is not null)
            ExceptionDispatchInfo.Throw(Error);
        return Answer!;
    }
}
