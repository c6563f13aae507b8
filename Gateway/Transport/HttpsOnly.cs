using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Shabou.Gateway.Identity;
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
        if (SecretIn(http.Request) is { } header)
        {
            LogExposed(header, http.Connection.RemoteIpAddress?.ToString());
            return problems.RefuseAsync(http, ProblemTypes.HttpsRequired,
                $"The request carried {header} over plain http, where anybody on the way could read it. Call {HttpsAddress(http.Request)}, and replace the secret.").AsTask();
        }
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            http.Response.Headers.Location = HttpsAddress(http.Request);
            return Task.CompletedTask;
        }
        return problems.RefuseAsync(http, ProblemTypes.HttpsRequired,
            $"{http.Request.Method} is not redirected, since the body has then already been sent in the clear. Call {HttpsAddress(http.Request)}.").AsTask();
    }

    private static string? SecretIn(HttpRequest request) =>
        Array.Find([HeaderNames.Authorization, ApiKeys.Header, HeaderNames.Cookie], name => request.Headers.ContainsKey(name));

    private string HttpsAddress(HttpRequest request)
    {
        var host = _port == DefaultPort ? new HostString(request.Host.Host) : new HostString(request.Host.Host, _port);
        return UriHelper.BuildAbsolute("https", host, request.PathBase, request.Path, request.QueryString);
    }

    [LoggerMessage(LogLevel.Warning, "A secret in {Header} was sent over plain http by {Remote}; treat it as exposed")]
    private partial void LogExposed(string header, string? remote);
}
