using System.Net;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Transport;

public sealed class ConnectionTests(GatewayFixture fixture) : IDisposable
{
    private static readonly Uri Alive = new("/alive", UriKind.Relative);
    private readonly GatewayHost _gateway = fixture.Gateway();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public async Task Both_versions_of_http_are_spoken(int major, int minor)
    {
        using var client = _gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, Alive) { Version = new Version(major, minor), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await client.SendAsync(request, Cancelled);
        Assert.Equal(new Version(major, minor), response.Version);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/alive")]
    [InlineData("/api/v1/products")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        using var client = _gateway.Client();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        Assert.Equal("max-age=31536000; includeSubDomains", response.Header("Strict-Transport-Security"));
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", response.Header("Referrer-Policy"));
        Assert.Contains("frame-ancestors 'none'", response.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.StartsWith("accelerometer=(), camera=()", response.Header("Permissions-Policy"), StringComparison.Ordinal);
        Assert.Equal("same-origin", response.Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", response.Header("Cross-Origin-Resource-Policy"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_request_line_of_more_than_8_KiB_is_refused()
    {
        var line = "GET / HTTP/1.1".Length;
        using var client = _gateway.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"/{new string('a', 8_192 - line - 2)}"));
        Assert.Equal(HttpStatusCode.RequestUriTooLong, await StatusAsync($"/{new string('a', 8_192 - line + 1)}"));

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var response = await client.SendAsync(request, Cancelled);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task More_than_100_headers_are_refused()
    {
        using var client = _gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, Alive) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        for (var i = 0; i < 101; i++)
            request.Headers.Add($"X-Header-{i}", "1");
        using var response = await client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }
}
