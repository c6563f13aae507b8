using System.Net;
using System.Net.Http.Headers;

namespace Shabou.Gateway.Tests.Cors;

/// <summary>Twelve origins, of which two are ours, each with every kind of answer.</summary>
public sealed class OriginMatrixTests(CorsGateway cors) : IClassFixture<CorsGateway>
{
    private static readonly string[] Ours = ["https://shabouautopieces.tn", "https://www.shabouautopieces.tn"];

    private static readonly string[] Others =
    [
        "null", "https://evil.example", "http://shabouautopieces.tn", "https://shabouautopieces.tn:8443", "https://shop.shabouautopieces.tn",
        "https://shabouautopieces.tn.evil.example", "https://evilshabouautopieces.tn", "https://shabouautopieces.tn@evil.example",
        "https://SHABOUAUTOPIECES.TN", "https://shabouautopieces.tn/",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a preflight", "OPTIONS", "/api/v1/products", false, HttpStatusCode.NoContent)]
    [InlineData("a preflight for what is not there", "OPTIONS", "/nowhere", false, HttpStatusCode.NoContent)]
    [InlineData("an answer", "GET", "/api/v1/products", true, HttpStatusCode.OK)]
    [InlineData("an anonymous answer", "GET", "/alive", false, HttpStatusCode.OK)]
    [InlineData("a caller who is not known", "GET", "/api/v1/products", false, HttpStatusCode.Unauthorized)]
    [InlineData("a quota that is spent", "POST", "/api/v1/training-runs", true, HttpStatusCode.TooManyRequests)]
    [InlineData("nothing there", "GET", "/nowhere", true, HttpStatusCode.NotFound)]
    [InlineData("a service that fails", "GET", "/api/v1/products/broken", true, HttpStatusCode.InternalServerError)]
    [InlineData("a service that is away", "GET", "/api/v1/leads", true, HttpStatusCode.ServiceUnavailable)]
    public async Task Only_our_two_origins_are_echoed_with(string kind, string method, string path, bool known, HttpStatusCode expected)
    {
        using var client = cors.Gateway.Client(known ? cors.Key : null);
        var before = cors.Asked;
        var echoed = new List<string>();
        foreach (var origin in Ours.Concat(Others).ToArray())
        {
            using var response = await SendAsync(client, method, path, origin);
            Assert.True(expected == response.StatusCode, $"{kind} of {origin}: {response.StatusCode}");
            Assert.Contains("Origin", response.Headers.Vary);
            var allowed = response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
            Assert.Equal(allowed is not null, response.Headers.Contains("Access-Control-Allow-Credentials"));
            if (allowed is null)
                continue;
            Assert.Equal(origin, allowed);
            echoed.Add(origin);
        }
        Assert.Equal(Ours, echoed);
        if (method == "OPTIONS")
            Assert.Equal(before, cors.Asked);
    }

    [Fact]
    public async Task A_preflight_names_what_may_be_sent_and_is_not_counted()
    {
        using var client = cors.Gateway.Client();
        using var response = await SendAsync(client, "OPTIONS", "/api/v1/products", Ours[0]);
        Assert.Equal("GET,HEAD,POST,PUT,PATCH,DELETE", response.Header("Access-Control-Allow-Methods"));
        Assert.Contains("X-Api-Key", response.Header("Access-Control-Allow-Headers").Split(','));
        Assert.Contains("Idempotency-Key", response.Header("Access-Control-Allow-Headers").Split(','));
        Assert.Equal("7200", response.Header("Access-Control-Max-Age"));
        Assert.False(response.Headers.Contains("RateLimit"));
    }

    [Fact]
    public async Task A_page_of_ours_can_read_what_the_contract_says_in_headers()
    {
        using var client = cors.Gateway.Client(cors.Key);
        using var response = await SendAsync(client, "GET", "/api/v1/products", Ours[1]);
        var exposed = response.Header("Access-Control-Expose-Headers").Split(',');
        Assert.Equal(["X-Request-ID", "RateLimit", "RateLimit-Policy", "RateLimit-Degraded", "Retry-After", "ETag", "Location", "Link", "Data-As-Of"], exposed);
    }

    [Fact]
    public async Task What_a_service_says_of_itself_and_of_origins_is_dropped()
    {
        using var client = cors.Gateway.Client(cors.Key);
        using var response = await client.GetAsync(new Uri("/api/v1/products", UriKind.Relative), Cancelled);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("X-Powered-By"));
        Assert.Equal(["Accept-Language", "Origin"], response.Headers.Vary);
    }

    [Theory]
    [InlineData("/api/v1/products", true, "no-store")]
    [InlineData("/api/v1/products/cached", true, "public, max-age=60")]
    [InlineData("/api/v1/me", true, "no-store")]
    [InlineData("/", false, null)]
    public async Task An_answer_to_a_known_caller_is_not_stored_unless_it_says_so(string path, bool known, string? expected)
    {
        using var client = cors.Gateway.Client(known ? cors.Key : null);
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        if (expected is not null)
            Assert.Equal(CacheControlHeaderValue.Parse(expected), response.Headers.CacheControl);
        else
            Assert.Null(response.Headers.CacheControl);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string origin)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (method == "OPTIONS")
        {
            request.Headers.Add("Access-Control-Request-Method", "PUT");
            request.Headers.Add("Access-Control-Request-Headers", "x-api-key,content-type");
        }
        return await client.SendAsync(request, Cancelled);
    }
}
