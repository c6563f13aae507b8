using Microsoft.Net.Http.Headers;

namespace Shabou.Gateway.Transport;

/// <summary>What browsers are told about every answer, unless the answer says otherwise.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string NoFeatures = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(static state =>
        {
            var http = (HttpContext)state;
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.TryAdd(HeaderNames.ContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'");
            headers.TryAdd("Referrer-Policy", "no-referrer");
            headers.TryAdd("Permissions-Policy", NoFeatures);
            headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
            headers.TryAdd("Cross-Origin-Resource-Policy", "same-origin"); // what another origin embeds; what it fetches is a matter of CORS
            if (http.User.Identity?.IsAuthenticated == true)
                headers.TryAdd(HeaderNames.CacheControl, "no-store"); // what is meant for one caller stays out of every cache
            return Task.CompletedTask;
        }, http);
        return next(http);
    }
}
