using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Shabou.CatalogApi.Products;
using Shabou.ServiceDefaults.Concurrency;

namespace Shabou.CatalogApi.Replacements;

/// <summary>Both directions of a part's replacements as JSON, with the part's ETag: what a change of them needs. The chain has other parts
/// too, which the ETag does not count, so that nobody is told that it is unchanged.</summary>
internal sealed record RenderedReplacements(byte[] Body, ulong Version, string Language) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        Products.Language.Write(response, Language);
        ETags.Write(response, Version);
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, httpContext.RequestAborted).AsTask();
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ReplacementsView), ["application/json"]));
}
