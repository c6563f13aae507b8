using Shabou.Gateway.Identity;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Shabou.Gateway.Description;

/// <summary>The page at <c>/docs</c>: reads the document and tries it, with the key or the token that its reader enters. All of it is served from here,
/// nothing that is entered is kept.</summary>
internal static class DocsPage
{
    // Scripts only as files of our own. The page draws with inline styles and with pictures that stand in its style sheet.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    internal static void MapDocsPage(this IEndpointRouteBuilder routes)
    {
        var page = routes.CreateApplicationBuilder();
        page.Use((http, next) =>
        {
            http.SetEndpoint(null); // files are only served to requests that no endpoint has taken
            http.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            return next(http);
        });
        page.UseSwaggerUI(Describe);
        routes.MapMethods(AnonymousEndpoints.Docs, [HttpMethods.Get, HttpMethods.Head], page.Build()).AllowAnonymous().ExcludeFromDescription();
    }

    private static void Describe(SwaggerUIOptions page)
    {
        page.RoutePrefix = AnonymousEndpoints.DocsRoot.TrimStart('/');
        page.DocumentTitle = "Shabou API";
        page.SwaggerEndpoint(AnonymousEndpoints.OpenApi, "Shabou");
        page.EnableDeepLinking();
        page.EnableFilter();
        page.DisplayRequestDuration();
        page.DefaultModelsExpandDepth(-1);
        page.DocExpansion(DocExpansion.None);
    }
}
