using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Shabou.ServiceDefaults.Concurrency;

namespace Shabou.CatalogApi.Products;

/// <summary>A part as JSON with its version: answers 200, 201, or 304 when the caller has it.</summary>
internal sealed record RenderedProduct(Guid Id, ulong Version, string Language, byte[] Body) : IResult, IEndpointMetadataProvider
{
    private bool Created { get; init; }

    public RenderedProduct AsCreated() => this with { Created = true };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        ETags.Write(response, Version, Language);
        Products.Language.Write(response, Language);
        response.Headers.CacheControl = "private, no-cache"; // ask each time: a write shows at once, and the unchanged costs nothing
        if (!Created && HttpMethods.IsGet(httpContext.Request.Method) && ETags.AlreadyHas(httpContext.Request, Version, Language))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        if (Created)
        {
            response.StatusCode = StatusCodes.Status201Created;
            response.Headers.Location = $"/api/v1/products/{Id}";
        }
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, httpContext.RequestAborted).AsTask();
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        // A POST to the address of a part that exists makes no new one.
        var created = builder.Metadata.OfType<IHttpMethodMetadata>().Any(m => m.HttpMethods.Contains(HttpMethods.Post)) && builder is RouteEndpointBuilder { RoutePattern.Parameters.Count: 0 };
        builder.Metadata.Add(new ProducesResponseTypeMetadata(created ? StatusCodes.Status201Created : StatusCodes.Status200OK, typeof(ProductView), ["application/json"]));
    }
}
