using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Abuse;

/// <summary>Whoever is slow on purpose is cut off. The limits are shorter here than by default; AbuseTests takes the real ones.</summary>
public sealed class SlowClientTests(GatewayFixture fixture) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // a busy machine; what is not cut stays open for minutes
    private readonly GatewayHost _gateway = fixture.Gateway(
        ("Transport:HeaderTimeout", "00:00:02"), ("Transport:KeepAliveTimeout", "00:00:02"), ("Transport:GracePeriod", "00:00:02"));
    private IssuedKey? _key;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway.StartServer();
        _key = await fixture.Postgres.IssueAsync();
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Headers_that_come_one_byte_at_a_time_are_not_waited_for()
    {
        await using var slow = await RawConnection.OpenAsync(_gateway.Https);
        await slow.SendAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        var answer = await CutAsync(slow);
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_says_nothing_is_closed(bool http2)
    {
        await using var idle = await RawConnection.OpenAsync(_gateway.Https, http2 ? SslApplicationProtocol.Http2 : null);
        await WithinAsync(idle.ReadToEndAsync());
    }

    [Fact]
    public async Task A_connection_that_does_not_come_to_TLS_is_closed()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_gateway.Https.Host, _gateway.Https.Port, Cancelled);
        await WithinAsync(socket.GetStream().ReadAsync(new byte[1], Cancelled).AsTask());
    }

    [Theory]
    [InlineData("Content-Length: 1000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_body_that_comes_too_slowly_on_its_way_to_a_service_is_cut_off_and_told_why(string length)
    {
        await using var slow = await RawConnection.OpenAsync(_gateway.Https);
        await slow.SendHeadAsync("/api/v1/demand", _key!, length);
        var answer = await CutAsync(slow, "1\r\na\r\n");
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("/problems/request-timeout", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_over_http_2_is_cut_off_too()
    {
        using var client = _gateway.Client(_key);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/demand", UriKind.Relative)) { Content = new Dripping(), Version = HttpVersion.Version20 };
        var error = await Record.ExceptionAsync(() => WithinAsync(AnswerAsync()));
        Assert.True(error is null or HttpRequestException, error?.ToString());

        async Task AnswerAsync()
        {
            using var response = await client.SendAsync(request, Cancelled);
            Assert.Equal(HttpStatusCode.RequestTimeout, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_request_cannot_free_itself_from_the_limits_by_calling_itself_a_stream()
    {
        using var client = _gateway.Client(_key);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/demand", UriKind.Relative)) { Content = new StringContent("x"), Version = HttpVersion.Version20 };
        request.Content.Headers.ContentType = new("application/grpc+proto");
        using var response = await client.SendAsync(request, Cancelled);
        Assert.Equal("gRPC is not spoken here. Send JSON.", await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media"));
    }

    /// <summary>Sends a byte now and then until the other side has had enough.</summary>
    private static async Task<string> CutAsync(RawConnection slow, string drop = "a")
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var dripping = DripAsync();
        var answer = await WithinAsync(slow.ReadToEndAsync());
        await stop.CancelAsync();
        await dripping;
        return answer;

        async Task DripAsync()
        {
            using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
            try
            {
                while (await tick.WaitForNextTickAsync(stop.Token))
                    await slow.SendAsync(drop);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // cut off
            }
        }
    }

    private static async Task<T> WithinAsync<T>(Task<T> task)
    {
        await WithinAsync((Task)task);
        return await task;
    }

    private static Task WithinAsync(Task task) => task.WaitAsync(Patience, Cancelled);

    /// <summary>One byte a second, for ever.</summary>
    private sealed class Dripping : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
            var drop = new byte[1];
            do
            {
                await stream.WriteAsync(drop, Cancelled);
                await stream.FlushAsync(Cancelled);
            }
            while (await tick.WaitForNextTickAsync(Cancelled));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
