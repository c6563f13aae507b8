using System.Net;
using System.Text.RegularExpressions;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Description;

public sealed partial class DocsPageTests(GatewayFixture fixture) : IDisposable
{
    private readonly GatewayHost _gateway = fixture.Gateway(("RateLimits:Policies:default:Requests", "100000"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task The_page_and_all_that_it_needs_come_from_the_gateway_and_its_policy_allows_no_other_script()
    {
        using var client = _gateway.Client();
        using var response = await client.GetAsync(new Uri("/docs/index.html", UriKind.Relative), Cancelled);
        var policy = response.Header("Content-Security-Policy");
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        var page = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.DoesNotMatch(@"(src|href)=['""](https?:)?//|<script>|<script(?![^>]*src)[^>]*>\s*\S|\son\w+=", page);
        var needed = Reference().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.Contains(needed, address => address.EndsWith(".js", StringComparison.Ordinal));
        foreach (var address in needed)
        {
            using var part = await client.GetAsync(new Uri($"/docs/{address}", UriKind.Relative), Cancelled);
            Assert.True(part.StatusCode == HttpStatusCode.OK, address);
        }
    }

    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/")]
    public async Task The_short_address_leads_to_the_page(string path)
    {
        using var client = _gateway.Client();
        var address = new Uri(_gateway.Https, path);
        for (var i = 0; i < 3; i++)
        {
            using var response = await client.GetAsync(address, Cancelled);
            if (response.StatusCode == HttpStatusCode.OK) return;
            Assert.True(response.Headers.Location is not null, $"{address} answered {response.StatusCode}");
            address = new Uri(address, response.Headers.Location!);
            Assert.Equal(_gateway.Https.Authority, address.Authority);
        }
        Assert.Fail("It leads round in circles.");
    }

    [Theory]
    [InlineData("/docs/../appsettings.json")]
    [InlineData("/docs/%2e%2e/appsettings.json")]
    [InlineData("/docs/..%2fappsettings.json")]
    [InlineData("/docs/nothing.js")]
    public async Task Nothing_else_can_be_had_from_there(string path)
    {
        using var client = _gateway.Client();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.DoesNotContain("ReverseProxy", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?:src|href)=""\./([^""]+)""")]
    private static partial Regex Reference();
}
