using System.Diagnostics;
using System.Net;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Abuse;

/// <summary>Ways to make a server work for nothing over HTTP/2. Each ends with the connection closed and the gateway at rest.</summary>
public sealed class Http2FloodTests(GatewayFixture fixture) : IDisposable
{
    private const int RefusedStream = 7;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly GatewayHost _gateway = fixture.Gateway();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("/api/v1/products")] // asks Redis
    [InlineData("/api/v1/products/never")] // would ask a service that never answers
    public async Task Ten_thousand_requests_taken_back_at_once_close_the_connection(string path)
    {
        var key = await fixture.Postgres.IssueAsync();
        await using var frames = await Http2Frames.OpenAsync(_gateway.Https);
        var closed = frames.ReadToEndAsync();
        var sent = 0;
        try
        {
            for (; sent < 10_000 && !closed.IsCompleted; sent++)
            {
                frames.AddGet(2 * sent + 1, path, ("x-api-key", key.Secret)).AddReset(2 * sent + 1);
                if (sent % 10 == 9)
                    await frames.SendAsync();
            }
        }
        catch (IOException)
        {
            // closed while we were sending
        }
        await closed.WaitAsync(Patience, Cancelled);
        TestContext.Current.SendDiagnosticMessage($"Closed after {sent} resets at most.");
        await AssertServesAsync();
    }

    [Fact]
    public async Task Headers_without_end_close_the_connection()
    {
        await using var frames = await Http2Frames.OpenAsync(_gateway.Https);
        var closed = frames.ReadToEndAsync();
        frames.Add(Http2Frames.Headers, Http2Frames.EndStream, 1, Http2Frames.Get("/alive"));
        var frame = Http2Frames.Header("x-flood", new string('x', 4_000));
        var sent = 0;
        try
        {
            for (; sent < 100_000 && !closed.IsCompleted; sent++)
            {
                frames.Add(Http2Frames.Continuation, 0, 1, frame);
                await frames.SendAsync();
            }
        }
        catch (IOException)
        {
            // closed while we were sending
        }
        Assert.All((await closed.WaitAsync(Patience, Cancelled)).Where(frame => frame.Type == Http2Frames.GoAway), frame => Assert.NotEqual(0, frame.Reason));
        TestContext.Current.SendDiagnosticMessage($"Closed after {sent} CONTINUATION frames at most.");
        await AssertServesAsync();
    }

    [Fact]
    public async Task Headers_without_end_that_say_nothing_close_the_connection_too()
    {
        using var gateway = fixture.Gateway(("Transport:HeaderTimeout", "00:00:02"));
        await using var frames = await Http2Frames.OpenAsync(gateway.Https);
        var closed = frames.ReadToEndAsync();
        frames.Add(Http2Frames.Headers, Http2Frames.EndStream, 1, Http2Frames.Get("/alive"));
        await frames.SendAsync();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var started = Stopwatch.StartNew();
        try
        {
            while (!closed.IsCompleted && started.Elapsed < Patience && await tick.WaitForNextTickAsync(Cancelled))
                await frames.Add(Http2Frames.Continuation, 0, 1, []).SendAsync(); // empty ones are never too large
        }
        catch (IOException)
        {
            // closed while we were sending
        }
        await closed.WaitAsync(Patience, Cancelled);
    }

    [Fact]
    public async Task No_more_than_100_requests_run_on_one_connection()
    {
        await using var frames = await Http2Frames.OpenAsync(_gateway.Https);
        var key = await fixture.Postgres.IssueAsync();
        for (var i = 0; i < 150; i++)
            frames.AddGet(2 * i + 1, "/api/v1/products/never", ("x-api-key", key.Secret));
        await frames.SendAsync();
        for (var refused = 0; refused < 50;)
        {
            var frame = await frames.ReadAsync().WaitAsync(Patience, Cancelled) ?? throw new InvalidOperationException("Closed.");
            if (frame.Type != Http2Frames.ResetStream)
                continue;
            Assert.Equal(RefusedStream, frame.Reason);
            Assert.InRange(frame.Stream, 201, 299); // beyond the first hundred
            refused++;
        }
    }

    private async Task AssertServesAsync()
    {
        using var client = _gateway.Client();
        using var response = await client.GetAsync(new Uri("/alive", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
