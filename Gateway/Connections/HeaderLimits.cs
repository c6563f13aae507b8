using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Limits;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Connections;

/// <summary>Answers an address that is too long with 414, and headers that are too many or too large with 431. Kestrel, whose limits lie at
/// twice these, would answer without a word.</summary>
internal sealed class HeaderLimits(RequestDelegate next, IProblemDetailsService problems)
{
    private const int AroundHeader = 4; // ": " and the line's end
    private const int AroundTarget = 12; // two spaces, HTTP/1.1 and the line's end

    public Task InvokeAsync(HttpContext http)
    {
        var line = http.Request.Method.Length + (http.Features.Get<IHttpRequestFeature>()?.RawTarget.Length ?? 0) + AroundTarget;
        if (line > RequestLimits.MaxRequestLineBytes)
            return problems.RefuseAsync(http, ProblemTypes.UriTooLong, string.Create(CultureInfo.InvariantCulture,
                $"The request line has {line:N0} bytes; {RequestLimits.MaxRequestLineBytes:N0} are allowed. Ask for less in one address, or send it in a body.")).AsTask();
        var (headers, bytes) = SizeOf(http.Request.Headers);
        return headers <= RequestLimits.MaxHeaders && bytes <= RequestLimits.MaxHeaderBytes
            ? next(http)
            : problems.RefuseAsync(http, ProblemTypes.HeadersTooLarge, string.Create(CultureInfo.InvariantCulture,
                $"The request has {headers:N0} headers of {bytes:N0} bytes together; {RequestLimits.MaxHeaders:N0} of {RequestLimits.MaxHeaderBytes:N0} bytes are allowed. Send fewer or shorter ones.")).AsTask();
    }

    private static (int Headers, int Bytes) SizeOf(IHeaderDictionary headers)
    {
        var (count, bytes) = (0, 0);
        foreach (var (name, values) in headers)
        {
            count += values.Count;
            foreach (var value in values)
                bytes += name.Length + Encoding.UTF8.GetByteCount(value ?? "") + AroundHeader;
        }
        return (count, bytes);
    }
}
