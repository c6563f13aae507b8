using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shabou.OpenApi;

/// <summary>The OpenAPI document of a service. What is the same for all operations follows from their metadata; nothing is written by hand per endpoint.</summary>
public static class ServiceOpenApi
{
    /// <summary>Where a service has its document, and the gateway that of all.</summary>
    public const string Path = "/openapi/v1.json";

    /// <summary>What <see cref="Describe"/> needs.</summary>
    public static void AddDescription(this IHostApplicationBuilder builder, ServiceDescription service)
    {
        builder.Services.AddSingleton(service);
        builder.Services.AddSingleton<Examples>();
        builder.Services.AddSingleton<ParameterTexts>();
    }

    /// <summary>For <c>AddOpenApi(options => options.Describe())</c>, which each service calls itself: what its comments say is found by the compiler at that call only.</summary>
    public static void Describe(this OpenApiOptions options)
    {
        options.AddDocumentTransformer<DescribeService>();
        options.AddOperationTransformer<DescribeOperation>();
    }

    /// <summary>Serves the document to whoever reaches the service, that is to the gateway: it shows it to everybody, and has no caller when it asks.</summary>
    public static void MapDescription(this IEndpointRouteBuilder routes) => routes.MapOpenApi().AllowAnonymous();
}
