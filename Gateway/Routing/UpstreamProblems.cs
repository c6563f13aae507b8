using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Problems;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Shabou.Gateway.Routing;

/// <summary>Says what went wrong when a service could not be asked. What a service itself answers passes unchanged.</summary>
internal sealed partial class UpstreamProblems(RequestDelegate next, IProblemDetailsService problems, ILogger<UpstreamProblems> logger)
{
    private const int RetryAfterSeconds = 5;

    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (http.GetForwarderErrorFeature() is not { } failure || http.Response.HasStarted)
            return;
        var service = http.GetReverseProxyFeature().Route.Config.ClusterId ?? "unknown";
        var timedOut = failure.Error == ForwarderError.RequestTimedOut
            || http.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true;
        if (http.RequestAborted.IsCancellationRequested && !timedOut)
            return; // nobody is left to read an answer
        http.Response.Headers.ContentLength = null; // may be those of an answer that broke off
        http.Response.Headers.ContentEncoding = default;
        await (timedOut ? TimedOutAsync(http, service) : RefuseAsync(http, service, failure));
    }

    private ValueTask TimedOutAsync(HttpContext http, string service)
    {
        LogTimedOut(service);
        return problems.RefuseAsync(http, ProblemTypes.UpstreamTimeout,
            $"The service {service} did not answer in the time this route allows. Ask for less at a time, or try again later.");
    }

    private ValueTask RefuseAsync(HttpContext http, string service, IForwarderErrorFeature failure)
    {
        if (failure.Error == ForwarderError.RequestBodyClient)
            return http.Response.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => problems.RefuseTooLargeAsync(http, http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? 0),
                StatusCodes.Status408RequestTimeout => problems.RefuseAsync(http, ProblemTypes.RequestTimeout, "The body came too slowly. Send it again, in parts or compressed with gzip."),
                _ => problems.RefuseAsync(http, ProblemTypes.BadRequest, "The body ended early or is not encoded as its headers say. Send it again."),
            };
        LogUnavailable(service, failure.Error, failure.Exception?.GetBaseException().Message ?? "no destination");
        return failure.Error is ForwarderError.NoAvailableDestinations or ForwarderError.Request or ForwarderError.RequestCreation
            ? problems.RefuseAsync(http, ProblemTypes.ServiceUnavailable,
                $"The service {service} does not answer. Everything else works; try this again in {RetryAfterSeconds} s.", RetryAfterSeconds)
            : problems.RefuseAsync(http, ProblemTypes.UpstreamFailed,
                $"The service {service} broke off. Whether it acted on the request is not known; a request with an Idempotency-Key can safely be sent again.");
    }

    [LoggerMessage(LogLevel.Warning, "Service {Service} did not answer in time")]
    private partial void LogTimedOut(string service);

    [LoggerMessage(LogLevel.Warning, "Service {Service} could not be asked ({Error}): {Reason}")]
    private partial void LogUnavailable(string service, ForwarderError error, string reason);
}
