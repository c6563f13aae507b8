using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Shabou.Gateway.Identity;
using Shabou.Gateway.People;
using Shabou.Gateway.People.SignIn;

namespace Shabou.Gateway.Landing;

/// <summary>What a person sees who opens the gateway's address: what this is, and how to call it.</summary>
internal static class LandingPage
{
    private static readonly string Html = Read();

    /// <summary>Shown where people can sign in.</summary>
    private const string SignIn = $"<p><a href=\"{PeopleSetup.AuthPath}{SignInEndpoints.Begin}\">Sign in with Google</a> if you are a person; programs have a key.</p>\n";

    /// <summary>Only the page's own style may apply; it is named by its hash. For any page in this style.</summary>
    internal static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style())))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    internal static void MapLanding(this IEndpointRouteBuilder routes) =>
        routes.MapGet(AnonymousEndpoints.Landing, Get).AllowAnonymous().ExcludeFromDescription();

    private static ContentHttpResult Get(HttpContext http, IOptions<GoogleOptions> google)
    {
        http.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        var address = $"{http.Request.Scheme}://{http.Request.Host}";
        return TypedResults.Text(Html
            .Replace("{address}", System.Net.WebUtility.HtmlEncode(address), StringComparison.Ordinal)
            .Replace("{sign-in}\n", google.Value.IsSetUp ? SignIn : "", StringComparison.Ordinal), "text/html", Encoding.UTF8);
    }

    internal static string Style()
    {
        var start = Html.IndexOf("<style>", StringComparison.Ordinal) + "<style>".Length;
        return Html[start..Html.IndexOf("</style>", StringComparison.Ordinal)];
    }

    private static string Read()
    {
        using var page = typeof(LandingPage).Assembly.GetManifestResourceStream("landing.html")!;
        using var reader = new StreamReader(page, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
