using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Landing;

public sealed class LandingPageTests(GatewayFixture fixture)
{
    [Fact]
    public async Task The_page_needs_nothing_from_elsewhere_and_its_style_is_allowed_by_its_own_policy()
    {
        using var gateway = fixture.Gateway();
        using var client = gateway.Client();
        using var response = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"curl {gateway.Https.GetLeftPart(UriPartial.Authority)}/api/v1/me", page, StringComparison.Ordinal);
        foreach (var address in (string[])["/health", "/docs", "/openapi/v1.json"]) Assert.Contains($"href=\"{address}\"", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//|@import|<script", page);

        Assert.Contains("href=\"/docs\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Sign in", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{", page[page.IndexOf("</style>", StringComparison.Ordinal)..], StringComparison.Ordinal);

        var style = Regex.Match(page, "<style>(.*)</style>", RegexOptions.Singleline).Groups[1].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Contains($"style-src 'sha256-{hash}'", response.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_leads_to_the_sign_in_where_people_can_sign_in()
    {
        using var gateway = fixture.Gateway(("Google:ClientId", "id"), ("Google:ClientSecret", "secret"), ("Google:HostedDomain", "shop.example"));
        using var client = gateway.Client();
        Assert.Contains("href=\"/api/v1/auth/google\"", await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
