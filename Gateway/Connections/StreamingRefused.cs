using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Connections;

/// <summary>Nothing here speaks gRPC. The proxy takes the size and rate limits off the body of a request that says it does (over HTTP/2),
/// so that a stream can go on for ever: anybody could say so.</summary>
internal sealed class StreamingRefused(RequestDelegate next, IProblemDetailsService problems)
{
    private const string Grpc = "application/grpc";

    public Task InvokeAsync(HttpContext http) => http.Request.ContentType?.TrimStart().StartsWith(Grpc, StringComparison.OrdinalIgnoreCase) == true
        ? problems.RefuseAsync(http, ProblemTypes.UnsupportedMedia, "gRPC is not spoken here. Send JSON.").AsTask()
        : next(http);
}
