using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Http;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Compression;

public sealed class CompressionTests(GatewayFixture fixture) : IAsyncLifetime
{
    private static readonly string Long = $"[{string.Join(',', Enumerable.Range(0, 2_000))}]";

    private ScriptedService? _service;
    private GatewayHost? _gateway;
    private HttpClient? _client;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _service = await ScriptedService.StartAsync(AnswerAsync);
        _gateway = fixture.Gateway(
            ("ReverseProxy:Clusters:catalog:Destinations:catalog:Address", _service.Address),
            ("ReverseProxy:Routes:secret:ClusterId", "catalog"), ("ReverseProxy:Routes:secret:Match:Path", "/api/v1/{area:regex(^(auth|api-keys)$)}/{**rest}"),
            ("ReverseProxy:Routes:secret:AuthorizationPolicy", "User"), ("ReverseProxy:Routes:secret:RateLimiterPolicy", "default"), ("ReverseProxy:Routes:secret:Timeout", "00:00:30"),
            ("ReverseProxy:Routes:secret:Order", "-1"));
        _client = _gateway.Client(await fixture.Postgres.IssueAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _client!.Dispose();
        await _gateway!.DisposeAsync();
        await _service!.DisposeAsync();
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    public async Task A_long_answer_is_compressed_as_the_caller_asks(string accepts, string encoding)
    {
        using var response = await GetAsync("brands/long", accepts);
        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancelled);
        Assert.True(bytes.Length < Long.Length);
        Assert.Equal(Long, Text(bytes, encoding));
    }

    [Theory]
    [InlineData("brands/long", null)]
    [InlineData("brands/long", "identity")]
    [InlineData("brands/short", "gzip")]
    [InlineData("brands/picture", "gzip")]
    [InlineData("auth/long", "gzip")]
    [InlineData("api-keys/long", "gzip")]
    public async Task What_is_short_or_secret_or_not_asked_for_is_sent_as_it_is(string path, string? accepts)
    {
        using var response = await GetAsync(path, accepts);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Equal("\"2f1a\"", response.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task What_the_service_has_compressed_is_not_compressed_again()
    {
        using var response = await GetAsync("brands/packed", "gzip, br");
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.Equal(Long, Text(await response.Content.ReadAsByteArrayAsync(Cancelled), "gzip"));
        Assert.Equal("\"2f1a\"", response.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task A_stream_of_rows_is_compressed_and_whole()
    {
        using var response = await GetAsync("brands/stream", "gzip");
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.Equal(string.Concat(Enumerable.Repeat(Long, 20)), Text(await response.Content.ReadAsByteArrayAsync(Cancelled), "gzip"));
    }

    [Fact]
    public async Task The_etag_of_a_compressed_answer_is_its_own_and_works_for_reads_and_writes()
    {
        using var first = await GetAsync("brands/long", "gzip");
        var tag = first.Headers.ETag!;
        Assert.Equal("\"2f1a-gzip\"", tag.Tag);
        Assert.False(tag.IsWeak);

        using var again = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/brands/long", UriKind.Relative));
        again.Headers.IfNoneMatch.Add(tag);
        again.Headers.Add("Accept-Encoding", "gzip");
        using var unchanged = await _client!.SendAsync(again, Cancelled);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(tag, unchanged.Headers.ETag);

        using var write = new HttpRequestMessage(HttpMethod.Put, new Uri("/api/v1/brands/long", UriKind.Relative)) { Content = new StringContent("{}") };
        write.Headers.IfMatch.Add(tag);
        using var written = await _client.SendAsync(write, Cancelled);
        Assert.Equal(HttpStatusCode.OK, written.StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? accepts)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/v1/{path}", UriKind.Relative));
        if (accepts is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        return await _client!.SendAsync(request, Cancelled);
    }

    private static string Text(byte[] bytes, string encoding)
    {
        using Stream plain = encoding == "br" ? new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress) : new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        return reader.ReadToEnd();
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        const string Tag = "\"2f1a\"";
        http.Response.Headers.ETag = Tag;
        if (http.Request.Headers.IfNoneMatch == Tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        if (HttpMethods.IsPut(http.Request.Method) && http.Request.Headers.IfMatch != Tag)
            http.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
        http.Response.ContentType = http.Request.Path.Value!.Split('/')[^1] switch { "picture" => "image/png", "stream" => "text/csv", _ => "application/json; charset=utf-8" };
        switch (http.Request.Path.Value.Split('/')[^1])
        {
            case "short":
                await http.Response.WriteAsync("[1]");
                break;
            case "packed":
                http.Response.Headers.ContentEncoding = "gzip";
                await using (var packed = new GZipStream(http.Response.Body, CompressionLevel.Fastest))
                    await packed.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Long), http.RequestAborted);
                break;
            case "stream":
                for (var i = 0; i < 20; i++)
                {
                    await http.Response.WriteAsync(Long);
                    await http.Response.Body.FlushAsync(http.RequestAborted);
                }
                break;
            default:
                await http.Response.WriteAsync(Long);
                break;
        }
    }
}
