using System.Net;
using System.Text;

namespace Shabou.Gateway.People.SignIn;

/// <summary>For who signed in from the landing page, without an application: the code and the commands that turn it into tokens.</summary>
internal static class SignedInPage
{
    private const string ContentSecurityPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    internal static Task WriteAsync(HttpContext http, string name, string code)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        var address = WebUtility.HtmlEncode($"{http.Request.Scheme}://{http.Request.Host}");
        return http.Response.WriteAsync($$"""
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><title>Shabou</title>
            <h1>Signed in</h1>
            <p>Welcome, {{WebUtility.HtmlEncode(name)}}. This code is worth tokens once, for one minute:</p>
            <pre>curl {{address}}/api/v1/auth/token --json '{"grantType":"code","code":"{{code}}"}'</pre>
            <p>Then call with what you got as <code>accessToken</code>:</p>
            <pre>curl {{address}}/api/v1/me -H "Authorization: Bearer $TOKEN"</pre>
            <p><a href="/">Back</a></p>
            </html>
            """, Encoding.UTF8, http.RequestAborted);
    }
}
