using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shabou.ServiceDefaults.Limits;

namespace Shabou.ServiceDefaults.Tests.Limits;

public sealed class RequestLimitTests
{
    private enum Season
    {
        LowSeason,
        HighSeason,
    }

    [Theory]
    [InlineData(RequestLimits.MaxBodyBytes, false, HttpStatusCode.OK)]
    [InlineData(RequestLimits.MaxBodyBytes - 65_536, true, HttpStatusCode.OK)] // the framing of the chunks counts too
    [InlineData(RequestLimits.MaxBodyBytes + 1, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(RequestLimits.MaxBodyBytes + 1, true, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Ten_mebibytes_are_read_and_one_byte_more_is_refused(long bytes, bool chunked, HttpStatusCode expected)
    {
        await using var app = await StartAsync();
        using var request = TestApp.As("USER", HttpMethod.Post, "/", new ByteArrayContent(new byte[bytes]));
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true; // so that the refusal is read before the connection closes
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        if (expected == HttpStatusCode.OK)
        {
            Assert.Equal(expected, response.StatusCode);
        }
        else
        {
            await response.ReadProblemAsync("too-large", expected);
        }
    }

    [Theory]
    [InlineData(8300, 1, "HTTP/1.1 200")] // the gateway's limit; a service has room for what the gateway adds
    [InlineData(16_500, 1, "HTTP/1.1 414")]
    [InlineData(10, 120, "HTTP/1.1 200")]
    [InlineData(10, 201, "HTTP/1.1 431")]
    public async Task Long_addresses_and_many_headers_are_refused(int pathLength, int headers, string expected)
    {
        await using var app = await StartAsync();
        var request = new StringBuilder().Append("GET /open?q=").Append('a', pathLength).Append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (var header = 0; header < headers; header++)
        {
            request.Append("X-").Append(header).Append(": 1\r\n");
        }

        Assert.StartsWith(expected, await SendRawAsync(app, request.Append("\r\n").ToString()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_of_66_KiB_are_refused()
    {
        await using var app = await StartAsync();
        var answer = await SendRawAsync(app, $"GET /open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Long: {new string('a', 66 * 1024)}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 431", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enums_are_words_and_the_server_keeps_its_name_to_itself()
    {
        await using var app = await StartAsync();
        using var response = await app.GetAsync("/season");
        Assert.Equal("\"highSeason\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.False(response.Headers.Contains("Server"));
    }

    private static Task<TestApp> StartAsync() => TestApp.StartAsync(app =>
    {
        app.MapPost("/", async (HttpContext http) => await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted));
        app.MapGet("/open", () => "ok").AllowAnonymous();
        app.MapGet("/season", () => Season.HighSeason);
    });

    private static async Task<string> SendRawAsync(TestApp app, string request)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(app.Address.Host, app.Address.Port, TestContext.Current.CancellationToken);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
    }
}
