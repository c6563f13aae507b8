using Microsoft.Net.Http.Headers;
using Shabou.Gateway.Problems;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Identity.Keys;

/// <summary>The public keys by which anybody can check our tokens.</summary>
internal static class KeySetEndpoint
{
    private const string OneMinute = "public, max-age=60";

    internal static void MapKeySet(this IEndpointRouteBuilder routes) =>
        routes.MapGet(AnonymousEndpoints.KeySet, WriteAsync).WithName("GetKeySet").ExcludeFromDescription().AllowAnonymous();

    private static async Task WriteAsync(HttpContext http, SigningKeys keys, IProblemDetailsService problems)
    {
        if (keys.Current is not { } ring)
        {
            await problems.RefuseAsync(http, ProblemTypes.DatabaseUnavailable, "The signing keys could not be read from the database yet. Try again in a few seconds.", retryAfter: 5);
            return;
        }
        http.Response.Headers[HeaderNames.CacheControl] = OneMinute;
        http.Response.ContentType = "application/jwk-set+json";
        http.Response.ContentLength = ring.PublicSet.Length;
        await http.Response.Body.WriteAsync(ring.PublicSet, http.RequestAborted);
    }
}
