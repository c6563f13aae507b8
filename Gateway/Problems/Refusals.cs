using System.Globalization;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Problems;

/// <summary>How the gateway says no. Request id, trace id and category are added by ServiceDefaults.</summary>
internal static class Refusals
{
    /// <param name="detail">Names the thing and what the caller can do.</param>
    /// <param name="retryAfter">Seconds for Retry-After, or null for none.</param>
    internal static ValueTask RefuseAsync(this IProblemDetailsService problems, HttpContext http, ProblemType type, string detail, int? retryAfter = null)
    {
        http.Response.StatusCode = type.Status;
        http.Response.Headers.CacheControl = "no-store";
        if (retryAfter is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return problems.WriteAsync(new()
        {
            HttpContext = http,
            ProblemDetails = { Status = type.Status, Type = type.Uri, Title = type.Title, Detail = detail },
        });
    }

    internal static ValueTask RefuseTooLargeAsync(this IProblemDetailsService problems, HttpContext http, long limit, string what = "") =>
        problems.RefuseAsync(http, ProblemTypes.TooLarge,
            string.Create(CultureInfo.InvariantCulture, $"A request body may have {limit:N0} bytes at most.{what} Send it in parts, or compressed with gzip."));
}
