using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;

namespace Shabou.CatalogApi.Forecasts;

/// <summary>The forecast service's answer with what we know about its freshness.</summary>
/// <param name="Body">A JSON object.</param>
/// <param name="Age">Null when fresh.</param>
internal sealed record RenderedForecast(byte[] Body, TimeSpan? Age) : IResult, IEndpointMetadataProvider
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var seconds = Math.Max(0, (long)(Age ?? TimeSpan.Zero).TotalSeconds);
        var end = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"stale\":{(Age is null ? "false" : "true")},\"ageSeconds\":{seconds}}}"));
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length - 1 + end.Length;
        response.Headers.CacheControl = "private, no-cache";
        if (Age is not null) response.Headers.Warning = "110 - \"Response is Stale\"";
        await response.Body.WriteAsync(Body.AsMemory(0, Body.Length - 1), httpContext.RequestAborted);
        await response.Body.WriteAsync(end, httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ProductForecast), ["application/json"]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]));
    }
}
