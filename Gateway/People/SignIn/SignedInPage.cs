using System.Net;
using System.Text;
using Shabou.Gateway.Landing;

namespace Shabou.Gateway.People.SignIn;

/// <summary>For who signed in from the landing page, without an application: the code and the commands that turn it into tokens.</summary>
internal static class SignedInPage
{
    internal static Task WriteAsync(HttpContext http, string name, string code)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = LandingPage.ContentSecurityPolicy;
        var address = WebUtility.HtmlEncode($"{http.Request.Scheme}://{http.Request.Host}");
        return http.Response.WriteAsync($$"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Shabou</title><style>{{LandingPage.Style()}}</style></head>
            <body>
            <h1>Signed in</h1>
            <p>Welcome, {{WebUtility.HtmlEncode(name)}}. This code is worth tokens once, for a minute:</p>
            <pre>curl {{address}}/api/v1/auth/token --json '{"grantType":"code","code":"{{code}}"}'</pre>
            <p>The answer's <code>accessToken</code> says who you are:</p>
            <pre>curl {{address}}/api/v1/me -H "Authorization: Bearer $TOKEN"</pre>
            <footer>Nobody else may see the code. <a href="/">Back to the start</a></footer>
            </body>
            </html>
            """, Encoding.UTF8, http.RequestAborted);
    }
}
