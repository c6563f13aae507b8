using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Shabou.CatalogApi.Products;

namespace Shabou.CatalogApi.Replacements;

/// <summary>Both directions of a part's replacements as JSON.</summary>
internal sealed record RenderedReplacements(byte[] Body, string Language) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        Products.Language.Write(response, Language);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, httpContext.RequestAborted).AsTask();
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ReplacementsView), ["application/json"]));
}
