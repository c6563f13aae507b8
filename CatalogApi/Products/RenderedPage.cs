using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Shabou.ServiceDefaults.Paging;

namespace Shabou.CatalogApi.Products;

/// <summary>A page of parts as JSON.</summary>
internal sealed record RenderedPage(byte[] Body, string? Next, string Language) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        Products.Language.Write(response, Language);
        if (Next is not null) Pages.LinkNext(httpContext, Next);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, httpContext.RequestAborted).AsTask();
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Page<ProductSummary>), ["application/json"]));
}
