using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Shabou.Gateway.Problems;

namespace Shabou.Gateway.Transport;

/// <summary>A body that declares itself too large is refused before any of it is read. One that declares nothing (chunked) is cut off
/// by Kestrel at the same limit.</summary>
internal sealed class DeclaredBodyLimit(RequestDelegate next, IProblemDetailsService problems)
{
    public Task InvokeAsync(HttpContext http)
    {
        var limit = http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        if (http.Request.ContentLength is not { } length || length <= (limit ?? long.MaxValue))
            return next(http);
        http.Response.Headers.Connection = "close"; // else the rest of the body would be read to reach the next request
        return problems.RefuseTooLargeAsync(http, limit!.Value, string.Create(CultureInfo.InvariantCulture, $" It declares {length:N0} bytes.")).AsTask();
    }
}
