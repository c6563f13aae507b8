using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Shabou.Gateway.Identity;
using Shabou.OpenApi;

namespace Shabou.Gateway.Description;

/// <summary>One OpenAPI document of the gateway and all services at <c>/openapi/v1.json</c>, and a page to try it at <c>/docs</c>. Both are for everybody.</summary>
internal static class ApiDescription
{
    private static readonly ServiceDescription s_gateway = new("Shabou",
        "Parts, demand forecasts and leads of an auto-parts shop in Tunisia, behind one address. Send your key as X-Api-Key, or an access token as Authorization: Bearer. "
        + "Lists are read a page at a time by 'after' and 'size'; what changes something needs the ETag that was read in If-Match; errors are problems (RFC 9457) from a closed list.");

    internal static void AddApiDescription(this WebApplicationBuilder builder)
    {
        builder.AddDescription(s_gateway);
        builder.Services.AddOpenApi(OwnDocument.Name, options => options.Describe());
        builder.Services.AddOptions<DescriptionOptions>().BindConfiguration(DescriptionOptions.Section)
            .Validate(o => o.Address is null or { IsAbsoluteUri: true, Scheme: "https", Query: "", Fragment: "" }, "Description:Address must be an https address such as https://api.example.tn, or be left out.")
            .Validate(o => o.RefreshEvery >= o.RetryEvery && o.RefreshEvery <= TimeSpan.FromDays(1), "Description:RefreshEvery must be from Description:RetryEvery to 1 day.")
            .Validate(o => o.RetryEvery >= TimeSpan.Zero, "Description:RetryEvery must not be negative.")
            .Validate(o => o.Patience > TimeSpan.Zero && o.Patience <= TimeSpan.FromMinutes(1), "Description:Patience must be above 0 and at most 1 minute.")
            .Validate(o => o.MaxPartBytes is >= 1024 and <= 64 * 1024 * 1024, "Description:MaxPartBytes must be from 1 KiB to 64 MiB.")
            .ValidateOnStart();
        builder.Services.AddHttpClient(ServicePart.Client);
        builder.Services.AddSingleton<RoutedServices>();
        builder.Services.AddSingleton<ServicePart>();
        builder.Services.AddSingleton<OwnDocument>();
        builder.Services.AddSingleton<ApiDocument>();
    }

    internal static void MapApiDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(AnonymousEndpoints.OpenApi, GetAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapDocsPage();
    }

    private static async Task<FileContentHttpResult> GetAsync(HttpContext http, ApiDocument document, CancellationToken cancellationToken)
    {
        var rendering = await document.GetAsync(cancellationToken);
        var packed = http.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "gzip" && encoding.Quality is not 0);
        http.Response.Headers.CacheControl = "no-cache"; // kept, and asked after by its ETag
        http.Response.Headers.Vary = "Accept-Encoding";
        if (packed) http.Response.Headers.ContentEncoding = "gzip";
        return TypedResults.File(packed ? rendering.Packed : rendering.Json, "application/json", entityTag: rendering.ETag);
    }
}
