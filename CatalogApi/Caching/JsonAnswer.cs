using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Shabou.CatalogApi.Products;
using Shabou.ServiceDefaults.Concurrency;
using Shabou.ServiceDefaults.Paging;

namespace Shabou.CatalogApi.Caching;

/// <summary>JSON that is rendered already: 200, 201 with a location, or 304 when the caller has it.</summary>
/// <param name="Answer">Body, ETag and the next page's cursor.</param>
/// <param name="Language">The language of its names.</param>
/// <typeparam name="TBody">What the body describes, for the API's description.</typeparam>
internal sealed record JsonAnswer<TBody>(CachedAnswer Answer, string Language) : IResult, IEndpointMetadataProvider
{
    /// <summary>Set for what was created just now.</summary>
    public string? Location { private get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        Products.Language.Write(response, Language);
        response.Headers.ETag = Answer.ETag;
        response.Headers.CacheControl = "private, no-cache"; // ask each time: a write shows at once, and what is unchanged is not sent again
        if (Answer.Next is { } next) Pages.LinkNext(httpContext, next);
        if (HttpMethods.IsGet(request.Method) && ETags.AlreadyHas(request, Answer.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        if (Location is not null)
        {
            response.StatusCode = StatusCodes.Status201Created;
            response.Headers.Location = Location;
        }
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Answer.Body.Length;
        return response.Body.WriteAsync(Answer.Body, httpContext.RequestAborted).AsTask();
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        var methods = builder.Metadata.OfType<IHttpMethodMetadata>().SelectMany(m => m.HttpMethods).ToList();
        // A POST to the address of something that exists makes no new one.
        var creates = methods.Contains(HttpMethods.Post) && builder is RouteEndpointBuilder { RoutePattern.Parameters.Count: 0 };
        builder.Metadata.Add(new ProducesResponseTypeMetadata(creates ? StatusCodes.Status201Created : StatusCodes.Status200OK, typeof(TBody), ["application/json"]));
        if (methods.Contains(HttpMethods.Get)) builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified));
    }
}
