using System.Net;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Abuse;

/// <summary>Whoever sends too much before the body is told so, in both versions of HTTP; far beyond that, Kestrel cuts it short.</summary>
public sealed class HeaderFloodTests(GatewayFixture fixture) : IDisposable
{
    private readonly GatewayHost _gateway = fixture.Gateway();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData(1, 95, true)]
    [InlineData(1, 101, false)]
    [InlineData(1, 150, false)]
    [InlineData(2, 95, true)]
    [InlineData(2, 101, false)]
    [InlineData(2, 150, false)]
    public async Task At_most_100_headers_are_read(int version, int count, bool read) =>
        await CheckAsync(version, "/alive", [.. Enumerable.Range(0, count).Select(i => ($"X-Header-{i}", "1"))], read, HttpStatusCode.RequestHeaderFieldsTooLarge, "headers-too-large", "100 of 32,768 bytes are allowed");

    [Fact]
    public async Task One_header_sent_101_times_is_101_headers()
    {
        await using var raw = await RawConnection.OpenAsync(_gateway.Https);
        await raw.SendAsync($"GET /alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{string.Concat(Enumerable.Repeat("X-Header: 1\r\n", 101))}\r\n");
        var answer = await raw.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 431 ", answer, StringComparison.Ordinal);
        Assert.Contains("/problems/headers-too-large", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 31, true)]
    [InlineData(1, 33, false)]
    [InlineData(1, 60, false)]
    [InlineData(2, 31, true)]
    [InlineData(2, 33, false)]
    [InlineData(2, 60, false)]
    public async Task At_most_32_KiB_of_headers_are_read(int version, int kibibytes, bool read) =>
        await CheckAsync(version, "/alive", [.. Enumerable.Range(0, kibibytes).Select(i => ($"X-{i:00}", new string('x', 1_024 - 8)))], read, HttpStatusCode.RequestHeaderFieldsTooLarge, "headers-too-large", "32,768 bytes are allowed");

    [Theory]
    [InlineData(1, 8_177, true)]
    [InlineData(1, 8_193, false)]
    [InlineData(1, 16_000, false)]
    [InlineData(2, 8_177, true)]
    [InlineData(2, 8_193, false)]
    [InlineData(2, 16_000, false)]
    public async Task At_most_8_KiB_of_address_are_read(int version, int bytes, bool read) =>
        await CheckAsync(version, $"/alive?{new string('q', bytes - "/alive?".Length)}", [], read, HttpStatusCode.RequestUriTooLong, "uri-too-long", "8,192 are allowed");

    [Theory]
    [InlineData(300, 1, 1, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    [InlineData(1, 100_000, 1, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    [InlineData(1, 1, 100_000, HttpStatusCode.RequestUriTooLong)]
    public async Task Far_beyond_the_limits_nothing_is_read_at_all(int headers, int value, int address, HttpStatusCode expected)
    {
        using var client = _gateway.Client();
        using var request = Request(1, $"/alive?{new string('q', address)}", [.. Enumerable.Range(0, headers).Select(i => ($"X-{i}", new string('x', value)))]);
        try
        {
            using var response = await client.SendAsync(request, Cancelled);
            Assert.Equal(expected, response.StatusCode);
        }
        catch (HttpRequestException error)
        {
            Assert.IsAssignableFrom<IOException>(error.InnerException); // closed while we were still sending
        }
    }

    private async Task CheckAsync(int version, string address, (string Name, string Value)[] headers, bool read, HttpStatusCode status, string kind, string detail)
    {
        using var client = _gateway.Client();
        using var request = Request(version, address, headers);
        using var response = await client.SendAsync(request, Cancelled);
        Assert.Equal(version, response.Version.Major);
        if (read)
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else
            Assert.Contains(detail, await response.ProblemAsync(status, kind), StringComparison.Ordinal);
    }

    private static HttpRequestMessage Request(int version, string address, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative)) { Version = new Version(version, version % 2), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
