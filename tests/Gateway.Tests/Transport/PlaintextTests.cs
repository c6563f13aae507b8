using System.Net;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Transport;

public sealed class PlaintextTests(GatewayFixture fixture) : IDisposable
{
    private readonly GatewayHost _gateway = fixture.Gateway();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("GET", "/api/v1/products?q=a%20b", "https://127.0.0.1:7443/api/v1/products?q=a%20b")]
    [InlineData("HEAD", "/", "https://127.0.0.1:7443/")]
    public async Task A_reader_without_secrets_is_shown_the_way(string method, string path, string location)
    {
        using var response = await SendAsync(method, path);
        Assert.Equal(HttpStatusCode.PermanentRedirect, response.StatusCode);
        Assert.Equal(location, response.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("GET", "X-Api-Key", "0123456789012345678901234567890123456789")]
    [InlineData("GET", "Authorization", "Bearer x")]
    [InlineData("HEAD", "Cookie", "session=1")]
    [InlineData("GET", "Proxy-Authorization", "Basic x")]
    public async Task A_secret_sent_in_the_clear_is_refused(string method, string header, string value)
    {
        using var response = await SendAsync(method, "/api/v1/products", header, value);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Null(response.Headers.Location);
        if (method == "GET")
            Assert.Contains(header, await response.ProblemAsync(HttpStatusCode.Forbidden, "https-required"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?access_token=s3cret", "access_token")]
    [InlineData("?q=a&API_KEY=s3cret", "api_key")]
    [InlineData("?%61pi_key=s3cret", "api_key")]
    [InlineData("?X-Api-Key=s3cret", "X-Api-Key")]
    public async Task A_secret_in_the_address_is_refused_and_not_repeated(string query, string parameter)
    {
        using var response = await SendAsync("GET", "/api/v1/products" + query);
        Assert.Null(response.Headers.Location);
        var detail = await response.ProblemAsync(HttpStatusCode.Forbidden, "https-required");
        Assert.Contains($"the parameter {parameter} over plain http", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_is_refused_and_not_redirected()
    {
        using var response = await SendAsync("POST", "/api/v1/demand");
        await response.ProblemAsync(HttpStatusCode.Forbidden, "https-required");
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? header = null, string value = "")
    {
        using var client = _gateway.Client(address: _gateway.Http);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative)) { Version = HttpVersion.Version11 };
        if (header is not null)
            request.Headers.TryAddWithoutValidation(header, value);
        return await client.SendAsync(request, Cancelled);
    }
}
