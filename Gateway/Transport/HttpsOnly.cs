using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Transport;

/// <summary>Plain http is answered with a redirect for a browser that lost its way, and refused for a program: one that sends its key
/// in the clear must fail loudly on the first day, not be redirected for years.</summary>
internal sealed partial class HttpsOnly(
    RequestDelegate next, IOptions<TransportOptions> options, IConfiguration configuration, IProblemDetailsService problems, ILogger<HttpsOnly> logger)
{
    private const int DefaultPort = 443;

    private readonly int _port = options.Value.HttpsPort ?? configuration.GetValue<int?>("HTTPS_PORT") ?? configuration.GetValue<int?>("ASPNETCORE_HTTPS_PORT") ?? DefaultPort;

    public Task InvokeAsync(HttpContext http)
    {
        if (http.Request.IsHttps)
            return next(http);
        if (PlaintextSecrets.In(http.Request) is { } secret)
        {
            LogExposed(secret, http.Connection.RemoteIpAddress?.ToString());
            return problems.RefuseAsync(http, ProblemTypes.HttpsRequired,
                $"The request carried {secret} over plain http, where anybody on the way could read it. Call {HttpsAddress(http.Request, query: false)}, and replace the secret.").AsTask();
        }
        if (AcmeChallenge.IsFor(http.Request))
            return next(http); // the one thing that must be answered here: https may not work yet
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            http.Response.Headers.Location = HttpsAddress(http.Request);
            return Task.CompletedTask;
        }
        return problems.RefuseAsync(http, ProblemTypes.HttpsRequired,
            $"{http.Request.Method} is not redirected, since the body has then already been sent in the clear. Call {HttpsAddress(http.Request)}.").AsTask();
    }

    private string HttpsAddress(HttpRequest request, bool query = true)
    {
        var host = _port == DefaultPort ? new HostString(request.Host.Host) : new HostString(request.Host.Host, _port);
        return UriHelper.BuildAbsolute("https", host, request.PathBase, request.Path, query ? request.QueryString : default);
    }

    [LoggerMessage(LogLevel.Warning, "A secret in {Place} was sent over plain http by {Remote}; treat it as exposed")]
    private partial void LogExposed(string place, string? remote);
}
