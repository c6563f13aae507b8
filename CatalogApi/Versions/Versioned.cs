using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Shabou.ServiceDefaults.Concurrency;

namespace Shabou.CatalogApi.Versions;

/// <summary>An answer with the version of its row: 200, 201 where a Location is given, or 304 when the caller has it.</summary>
internal sealed record Versioned<T>(T Body, uint Version, string? Location = null) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        ETags.Write(response, Version);
        if (HttpMethods.IsGet(httpContext.Request.Method))
        {
            response.Headers.CacheControl = "private, no-cache"; // ask each time: a write shows at once
            if (ETags.AlreadyHas(httpContext.Request, Version))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }
        if (Location is not null)
        {
            response.StatusCode = StatusCodes.Status201Created;
            response.Headers.Location = Location;
        }
        return response.WriteAsJsonAsync(Body, httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        var created = builder.Metadata.OfType<IHttpMethodMetadata>().Any(m => m.HttpMethods.Contains(HttpMethods.Post));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(created ? StatusCodes.Status201Created : StatusCodes.Status200OK, typeof(T), ["application/json"]));
    }
}
