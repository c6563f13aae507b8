using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.ResponseCompression;

namespace Shabou.Gateway.Compression;

/// <summary>Answers in JSON and CSV are sent as brotli or gzip to those who accept it.</summary>
/// <remarks>Compression inside TLS can give a secret away (BREACH) when one answer has both the secret and something that an attacker
/// chooses, and the attacker can have a victim's browser ask for it many times. Browsers add no credentials of their own to our requests:
/// callers prove themselves by headers that a foreign page cannot send. What remains are answers made of secrets, which are never compressed.</remarks>
internal sealed class Compression(RequestDelegate next, IResponseCompressionProvider compression)
{
    private static readonly PathString[] Secret = ["/api/v1/auth", "/api/v1/api-keys"];

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.AcceptEncoding.Count == 0 && headers.IfMatch.Count == 0 && headers.IfNoneMatch.Count == 0)
            return next(http);
        if (Array.Exists(Secret, path => http.Request.Path.StartsWithSegments(path)))
            return next(http);
        EncodedTags.Read(http);
        return HttpMethods.IsHead(http.Request.Method) || !compression.CheckRequestAcceptsCompression(http) ? next(http) : CompressAsync(http);
    }

    private async Task CompressAsync(HttpContext http)
    {
        var plain = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var body = new CompressedBody(http, plain, compression);
        http.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await next(http);
            await body.FinishAsync();
        }
        finally
        {
            http.Features.Set(plain);
        }
    }
}

internal static class Compressions
{
    internal static void AddCompression(this WebApplicationBuilder builder) => builder.Services.AddResponseCompression(options =>
    {
        options.EnableForHttps = true; // see Compression for why that is safe here
        options.MimeTypes = ["application/json", "text/csv"];
    });

    internal static IApplicationBuilder UseCompression(this IApplicationBuilder app) => app.UseMiddleware<Compression>();
}
