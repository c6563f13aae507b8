using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Abuse;

/// <summary>The attacks at full size and with the default limits, against a gateway in a process of its own, while good clients work: what they
/// notice, what it costs, and that it ends.</summary>
[Collection(nameof(Alone)), Trait("Category", "Faults")]
public sealed class SiegeTests(GatewayFixture fixture) : IAsyncLifetime
{
    private const long MemoryBytes = 50 * 1024 * 1024;
    private static readonly TimeSpan GoodP99 = TimeSpan.FromMilliseconds(300); // on a machine that is not late itself
    private static readonly TimeSpan RestIn = TimeSpan.FromSeconds(5);
    private GatewayProcess? _gateway;
    private IssuedKey? _good;
    private IssuedKey? _bad;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_good, _bad) = (await fixture.Postgres.IssueAsync(), await fixture.Postgres.IssueAsync());
        _gateway = await GatewayProcess.StartAsync(fixture.Settings(("RateLimits:Policies:default:Requests", "100000")));
    }

    public ValueTask DisposeAsync() => _gateway!.DisposeAsync();

    [Fact]
    public Task Five_hundred_slow_headers_are_cut_within_35_seconds() => BesiegeAsync("slow headers", () => SlowAsync(500, TimeSpan.FromSeconds(35),
        "GET /api/v1/products HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));

    [Fact]
    public Task Two_hundred_slow_bodies_are_cut_within_10_seconds() => BesiegeAsync("slow bodies", () => SlowAsync(200, TimeSpan.FromSeconds(10),
        $"POST /api/v1/demand HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {_bad!.Secret}\r\nContent-Type: text/csv\r\nContent-Length: 100000\r\n\r\n"));

    [Theory]
    [InlineData("101 headers", 431)]
    [InlineData("33 KiB of headers", 431)]
    [InlineData("8193 bytes of address", 414)]
    public Task Floods_of_headers_are_answered(string kind, int status) => BesiegeAsync(kind, () => AskAsync(status, kind switch
    {
        "101 headers" => $"GET /alive HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Repeat("X-Header: 1\r\n", 101))}\r\n",
        "33 KiB of headers" => $"GET /alive HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Repeat($"X-Header: {new string('x', 1_012)}\r\n", 33))}\r\n",
        _ => $"GET /{new string('a', 8_192)} HTTP/1.1\r\nHost: localhost\r\n\r\n",
    }));

    [Fact]
    public Task Five_times_ten_thousand_requests_taken_back_close_their_connections() => BesiegeAsync("resets", () => FloodAsync(5, 10_000, (frames, i) =>
        frames.AddGet(2 * i + 1, "/api/v1/products", ("x-api-key", _bad!.Secret)).AddReset(2 * i + 1)));

    [Fact]
    public Task Headers_without_end_close_their_connections()
    {
        var frame = Http2Frames.Header("x-flood", new string('x', 4_000));
        return BesiegeAsync("continuations", () => FloodAsync(20, 10_000, (frames, i) =>
            frames.Add(i == 0 ? Http2Frames.Headers : Http2Frames.Continuation, i == 0 ? Http2Frames.EndStream : (byte)0, 1, i == 0 ? Http2Frames.Get("/alive") : frame)));
    }

    [Fact]
    public Task Twenty_gzip_bombs_do_not_grow_it() => BesiegeAsync("gzip bombs", async () =>
    {
        var bomb = BodyAbuseTests.Bomb();
        using var client = Client(_bad!);
        for (var i = 0; i < 20; i++)
        {
            using var content = new ByteArrayContent(bomb) { Headers = { ContentEncoding = { "gzip" } } };
            using var response = await client.PostAsync(new Uri("/api/v1/demand", UriKind.Relative), content, Cancelled);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
        return Cut.None;
    });

    private async Task BesiegeAsync(string kind, Func<Task<Cut>> attack)
    {
        var gateway = _gateway!;
        await using (var warm = new GoodClients(gateway.Address, _good!)) // what is compiled on first use is no fault of the attack
        {
            await PassAsync(TimeSpan.FromSeconds(10));
            await warm.StopAsync();
        }
        await RestAsync(gateway);
        TimeSpan quiet;
        await using (var before = new GoodClients(gateway.Address, _good!))
        {
            await PassAsync(TimeSpan.FromSeconds(5));
            (quiet, _) = await before.StopAsync();
        }
        var memory = gateway.Resident;
        var peak = memory;
        using var watch = new Timer(_ => peak = Math.Max(peak, gateway.Lives ? gateway.Resident : 0), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        await using var good = new GoodClients(gateway.Address, _good!);
        var lasted = Stopwatch.StartNew();
        await using var machine = new MachineLateness();
        var cut = await attack();
        lasted.Stop();
        var (p99, answers) = await good.StopAsync();
        var late = await machine.StopAsync();
        var rest = await RestAsync(gateway);
        Say($"{kind}: {lasted.Elapsed.TotalSeconds:0.0} s; good clients' p99 {p99.TotalMilliseconds:0.0} ms of {answers} ({quiet.TotalMilliseconds:0.0} before; the machine's own share {late.TotalMilliseconds:0.0}); at rest after {rest.TotalSeconds:0.0} s; memory +{(peak - memory) / 1048576.0:0.0} MiB at most");
        Assert.True(gateway.Lives);
        Assert.InRange(p99, TimeSpan.Zero, GoodP99 + late);
        Assert.InRange(cut.After, TimeSpan.Zero, cut.Limit + late);
        Assert.InRange(rest, TimeSpan.Zero, RestIn + TimeSpan.FromSeconds(1));
        if (kind == "gzip bombs")
            Assert.InRange(peak - memory, long.MinValue, MemoryBytes);
    }

    /// <summary>How long it takes until a second passes in which less than a tenth of a processor is used.</summary>
    private static async Task<TimeSpan> RestAsync(GatewayProcess gateway)
    {
        var started = Stopwatch.StartNew();
        TimeSpan used;
        do
        {
            var before = gateway.Computed;
            await PassAsync(TimeSpan.FromSeconds(1));
            used = gateway.Computed - before;
            Say($"{started.Elapsed.TotalSeconds:0.0} s after: {used.TotalMilliseconds:0} ms a second");
        }
        while (used > TimeSpan.FromMilliseconds(100) && started.Elapsed < TimeSpan.FromMinutes(1));
        return started.Elapsed;
    }

    /// <summary>Says the head on many connections, then a byte every ten seconds, until all are cut.</summary>
    private async Task<Cut> SlowAsync(int connections, TimeSpan limit, string head)
    {
        var open = new ConcurrentBag<RawConnection>();
        try
        {
            var spans = await Task.WhenAll(Enumerable.Range(0, connections).Select(async i =>
            {
                var raw = await RawConnection.OpenAsync(_gateway!.Address);
                open.Add(raw);
                await raw.SendAsync(head);
                var started = Stopwatch.StartNew();
                var closed = raw.ReadToEndAsync();
                using var tick = new PeriodicTimer(TimeSpan.FromSeconds(10));
                while (!closed.IsCompleted)
                {
                    await Task.WhenAny(closed, tick.WaitForNextTickAsync(Cancelled).AsTask());
                    try
                    {
                        if (!closed.IsCompleted)
                            await raw.SendAsync("a");
                    }
                    catch (IOException)
                    {
                        // cut in this moment
                    }
                }
                return started.Elapsed;
            }));
            Say($"{connections} connections were cut after {spans.Min().TotalSeconds:0.0} to {spans.Max().TotalSeconds:0.0} s.");
            return new Cut(spans.Max(), limit);
        }
        finally
        {
            foreach (var raw in open)
                await raw.DisposeAsync();
        }
    }

    /// <summary>Asks the same a thousand times, ten at a time, each on a connection of its own.</summary>
    private async Task<Cut> AskAsync(int status, string request)
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AskOneAsync(status, request)));
        return Cut.None;
    }

    private async Task AskOneAsync(int status, string request)
    {
        for (var asked = 0; asked < 100; asked++)
        {
            await using var raw = await RawConnection.OpenAsync(_gateway!.Address);
            await raw.SendAsync(request);
            var start = new byte[12];
            await raw.Stream.ReadExactlyAsync(start, Cancelled);
            Assert.Equal($"HTTP/1.1 {status}", Encoding.ASCII.GetString(start));
        }
    }

    /// <summary>Sends frames on many connections until each is closed.</summary>
    private async Task<Cut> FloodAsync(int connections, int count, Action<Http2Frames, int> add)
    {
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => FloodOneAsync(count, add)));
        return Cut.None;
    }

    private async Task FloodOneAsync(int count, Action<Http2Frames, int> add)
    {
        await using var frames = await Http2Frames.OpenAsync(_gateway!.Address);
        var closed = frames.ReadToEndAsync();
        var sent = 0;
        try
        {
            for (; sent < count && !closed.IsCompleted; sent++)
            {
                add(frames, sent);
                if (sent % 20 == 19)
                    await frames.SendAsync();
            }
        }
        catch (IOException)
        {
            // closed while we were sending
        }
        await closed.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Say($"Closed after {sent} of {count}.");
    }

    private HttpClient Client(IssuedKey key)
    {
#pragma warning disable CA5359 // the test's own certificate; who answers is not what these tests are about
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true } };
#pragma warning restore CA5359
        return new HttpClient(handler) { BaseAddress = _gateway!.Address, DefaultRequestVersion = HttpVersion.Version20, DefaultRequestHeaders = { { "X-Api-Key", key.Secret } } };
    }

    /// <summary>When the last of an attack's connections was cut, and by when it had to be.</summary>
    private sealed record Cut(TimeSpan After, TimeSpan Limit)
    {
        internal static readonly Cut None = new(TimeSpan.Zero, TimeSpan.Zero);
    }

    private static void Say(string figures) => TestContext.Current.TestOutputHelper?.WriteLine(figures);

    private static async Task PassAsync(TimeSpan time)
    {
        using var tick = new PeriodicTimer(time);
        await tick.WaitForNextTickAsync(Cancelled);
    }
}

/// <summary>What measures needs the machine for itself.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
