using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using Shabou.Gateway.Tests.Servers;
using Shabou.ServiceDefaults.Limits;

namespace Shabou.Gateway.Tests.Abuse;

/// <summary>Bodies that are not what they say.</summary>
public sealed class BodyAbuseTests(GatewayFixture fixture) : IAsyncLifetime
{
    private readonly GatewayHost _gateway = fixture.Gateway();
    private readonly string _path = $"/api/v1/demand/{Guid.NewGuid()}";
    private IssuedKey? _key;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway.StartServer();
        _key = await fixture.Postgres.IssueAsync();
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Theory]
    [InlineData(-1, true)] // the framing of chunks counts too, and takes less than this
    [InlineData(1, false)]
    public async Task Ten_mebibytes_in_chunks_and_a_byte_more_over_http_1(int more, bool accepted)
    {
        var body = new byte[RequestLimits.MaxBodyBytes + more * 1_024];
        await using var raw = await RawConnection.OpenAsync(_gateway.Https);
        await raw.SendHeadAsync(_path, _key!, "Transfer-Encoding: chunked", "Connection: close");
        var answer = raw.ReadToEndAsync();
        try
        {
            for (var sent = 0; sent < body.Length; sent += 1 << 20)
            {
                var chunk = Math.Min(1 << 20, body.Length - sent);
                await raw.SendAsync($"{chunk:x}\r\n");
                await raw.Stream.WriteAsync(body.AsMemory(sent, chunk), Cancelled);
                await raw.SendAsync("\r\n");
            }
            await raw.SendAsync("0\r\n\r\n");
        }
        catch (IOException)
        {
            Assert.False(accepted); // closed while we were sending
        }
        Assert.StartsWith(accepted ? "HTTP/1.1 200 " : "HTTP/1.1 413 ", await answer, StringComparison.Ordinal);
        Assert.Equal(accepted ? 1 : 0, Seen().Count());
    }

    [Fact]
    public async Task A_body_shorter_than_it_says_is_no_request()
    {
        await using var raw = await RawConnection.OpenAsync(_gateway.Https);
        await raw.SendHeadAsync(_path, _key!, "Content-Length: 1000");
        await raw.SendAsync("sku,period,quantity");
        await raw.EndAsync();
        Assert.Empty(await raw.ReadToEndAsync()); // who has hung up gets no answer
        Assert.Empty(Seen());
    }

    [Fact]
    public async Task What_is_longer_than_it_says_is_refused()
    {
        await using var raw = await RawConnection.OpenAsync(_gateway.Https);
        await raw.SendHeadAsync(_path, _key!, "Content-Length: 5");
        await raw.SendAsync("hello, world\r\n\r\n");
        var answer = await raw.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Equal(5, Seen().Single().BodyBytes);
    }

    [Theory]
    [InlineData("Content-Length: 5", "Content-Length: 6")]
    [InlineData("Content-Length: -1")]
    [InlineData("Content-Length: 5, 6")]
    [InlineData("Content-Length: 99999999999999999999")]
    [InlineData("Transfer-Encoding: gzip")]
    [InlineData("Transfer-Encoding: chunked, identity")]
    public async Task A_length_that_cannot_be_is_refused_before_the_service_hears_of_it(params string[] headers)
    {
        await using var raw = await RawConnection.OpenAsync(_gateway.Https);
        await raw.SendHeadAsync(_path, _key!, headers);
        await raw.SendAsync("0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", await raw.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Empty(Seen());
    }

    [Theory]
    [InlineData("Content-Length: 5", "hello")]
    [InlineData("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n")]
    public async Task What_follows_a_body_is_never_a_request_that_the_service_sees(string length, string body)
    {
        await using var raw = await RawConnection.OpenAsync(_gateway.Https);
        await raw.SendHeadAsync(_path, _key!, length);
        await raw.SendAsync($"{body}POST {_path}/smuggled HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var answer = await raw.ReadToEndAsync(); // the second is a request of its own, without a key; or the connection is closed
        Assert.DoesNotContain("HTTP/1.1 200", answer[Math.Min(answer.Length, 12)..], StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Service.Requests, seen => seen.Path.EndsWith("/smuggled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_that_differs_from_its_length_over_http_2_is_refused()
    {
        await using var frames = await Http2Frames.OpenAsync(_gateway.Https);
        var head = Http2Frames.Get(_path, ("x-api-key", _key!.Secret), ("content-length", "1000"));
        head[0] = 0x83; // :method POST
        await frames.Add(Http2Frames.Headers, Http2Frames.EndHeaders, 1, head).Add(Http2Frames.Data, Http2Frames.EndStream, 1, "hello"u8).SendAsync();
        Http2Frames.Frame frame;
        do
            frame = await frames.ReadAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancelled) ?? throw new InvalidOperationException("Closed.");
        while (frame.Type is not (Http2Frames.Headers or Http2Frames.ResetStream));
        Assert.True(frame.Type == Http2Frames.ResetStream || !frame.Payload.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x88]), "200"); // 0x88: status 200
        Assert.Empty(Seen());
    }

    [Fact]
    public async Task A_gzip_bomb_reaches_a_service_compressed_and_is_refused_there_after_ten_mebibytes()
    {
        using var client = _gateway.Client(_key);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_path, UriKind.Relative)) { Content = new ByteArrayContent(Bomb()) };
        request.Content.Headers.ContentEncoding.Add("gzip");
        using var response = await client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(Seen());
    }

    /// <summary>Not quite 10 MiB that become 1 GiB.</summary>
    internal static byte[] Bomb()
    {
        const int Blocks = 1_024;
        var block = new byte[1 << 20];
        RandomNumberGenerator.Fill(block.AsSpan(0, 7_900)); // which does not compress; the zeros after it do
        using var once = new MemoryStream();
        using (var gzip = new GZipStream(once, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(block);
        var bomb = new byte[once.Length * Blocks]; // gzip files one after the other are a gzip file
        for (var i = 0; i < Blocks; i++)
            once.GetBuffer().AsSpan(0, (int)once.Length).CopyTo(bomb.AsSpan((int)once.Length * i));
        Assert.InRange(bomb.Length, 9_000_000, RequestLimits.MaxBodyBytes);
        return bomb;
    }

    private IEnumerable<Upstream.Seen> Seen() => fixture.Service.Requests.Where(seen => seen.Path == _path);
}
