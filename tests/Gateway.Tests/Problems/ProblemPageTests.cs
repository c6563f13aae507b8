using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shabou.Gateway.Tests.Servers;
using Shabou.ServiceDefaults.Problems;

namespace Shabou.Gateway.Tests.Problems;

public sealed class ProblemPageTests(GatewayFixture fixture) : IDisposable
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private readonly GatewayHost _gateway = fixture.Gateway(("RateLimits:Policies:default:Requests", "10000"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_problem_type_has_a_page_and_every_page_a_problem_type()
    {
        using var client = _gateway.Client();
        var listed = (await ReadAsync(client, "/problems")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(ProblemTypes.All.Select(type => type.Uri), listed.Select(item => item.GetProperty("type").GetString()));
        foreach (var type in ProblemTypes.All)
        {
            var page = await ReadAsync(client, type.Uri);
            Assert.Equal((type.Uri, type.Status, type.Title, type.Category),
                (page.GetProperty("type").GetString(), page.GetProperty("status").GetInt32(), page.GetProperty("title").GetString(), page.GetProperty("category").GetString()));
            Assert.NotEqual(0, page.GetProperty("causes").GetArrayLength());
            Assert.NotEqual(0, page.GetProperty("remedies").GetArrayLength());
            Assert.Contains(WebUtility.HtmlEncode(page.GetProperty("description").GetString()!), await PageAsync(client, type.Uri), StringComparison.Ordinal);
        }
        var links = Regex.Matches(await PageAsync(client, "/problems"), "href=\"(/problems/[^\"]+)\"").Select(link => link.Groups[1].Value);
        Assert.Equal(ProblemTypes.All.Select(type => type.Uri), links);
    }

    [Theory]
    [InlineData(Browser, "text/html")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json, text/html;q=0.5", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("this is no media type", "application/json")]
    [InlineData(null, "application/json")]
    public async Task A_browser_gets_a_page_and_a_program_JSON(string? accept, string form)
    {
        using var client = _gateway.Client();
        using var response = await GetAsync(client, "/problems/rate-limited", accept);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(form, response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept", response.Headers.Vary);
    }

    [Fact]
    public async Task A_page_needs_nothing_from_elsewhere_and_its_style_is_allowed_by_its_own_policy()
    {
        using var client = _gateway.Client();
        using var response = await GetAsync(client, "/problems/rate-limited", Browser);
        var page = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//|@import|<script|style=|\\{title\\}|\\{content\\}", page);
        var style = Regex.Match(page, "<style>(.*)</style>", RegexOptions.Singleline).Groups[1].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        var policy = response.Header("Content-Security-Policy");
        Assert.Contains($"style-src 'sha256-{hash}'", policy, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/problems/no-such-thing", null)]
    [InlineData("/problems/Rate-Limited", null)]
    [InlineData("/problems/%3Cscript%3Ealert(1)%3C%2Fscript%3E", Browser)]
    public async Task An_unknown_type_is_not_found_and_the_known_ones_are_named(string path, string? accept)
    {
        using var client = _gateway.Client();
        using var response = await GetAsync(client, path, accept);
        var detail = await response.ProblemAsync(HttpStatusCode.NotFound, "not-found");
        Assert.All(ProblemTypes.All, type => Assert.Contains(type.Kind, detail, StringComparison.Ordinal));
        Assert.DoesNotContain("script", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_type_of_a_refusal_leads_to_its_page()
    {
        using var client = _gateway.Client();
        using var refused = await client.GetAsync(new Uri("/api/v1/products", UriKind.Relative), Cancelled);
        var type = (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("type").GetString()!;
        Assert.Equal("The caller is not known.", (await ReadAsync(client, type)).GetProperty("title").GetString());
    }

    public void Dispose() => _gateway.Dispose();

    private static async Task<JsonElement> ReadAsync(HttpClient client, string path)
    {
        using var response = await GetAsync(client, path, "application/json");
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Cancelled);
    }

    private static async Task<string> PageAsync(HttpClient client, string path)
    {
        using var response = await GetAsync(client, path, Browser);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancelled);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = HttpVersion.Version20 };
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return await client.SendAsync(request, Cancelled);
    }
}
