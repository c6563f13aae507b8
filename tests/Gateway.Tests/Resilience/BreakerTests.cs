using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Resilience;

/// <summary>T08: a service first answers 5 s late, then half of the time with 500.</summary>
public sealed class BreakerTests(GatewayFixture fixture)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_failing_service_is_left_alone_and_one_probe_brings_it_back() =>
        FailAsync(slow: TimeSpan.FromSeconds(0.4), window: TimeSpan.FromSeconds(3), pause: TimeSpan.FromSeconds(2), tolerance: TimeSpan.FromSeconds(1));

    [Fact, Trait("Category", "Faults")]
    public Task A_failing_service_is_left_alone_for_half_a_minute_and_one_probe_brings_it_back() =>
        FailAsync(slow: TimeSpan.FromSeconds(5), window: TimeSpan.FromSeconds(30), pause: TimeSpan.FromSeconds(30), tolerance: TimeSpan.FromSeconds(1));

    [Fact]
    public async Task While_it_is_open_writes_are_refused_too_and_other_services_work()
    {
        await using var service = await ScriptedService.StartAsync(StatusCodes.Status500InternalServerError);
        using var gateway = fixture.Gateway(("ReverseProxy:Clusters:forecast:Destinations:forecast:Address", service.Address), ("Resilience:Breaker:MinimumCalls", "5"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        for (var i = 0; i < 5; i++)
            await StatusAsync(client);
        Assert.Equal(2, State(gateway));
        using var refused = await client.PostAsync(new Uri("/api/v1/training-runs", UriKind.Relative), new StringContent("{}"), Cancelled);
        var detail = await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable, "service-unavailable");
        Assert.StartsWith("The service forecast failed too often and is not asked now.", detail, StringComparison.Ordinal);
        Assert.InRange(int.Parse(refused.Header("Retry-After"), CultureInfo.InvariantCulture), 1, 30);
        Assert.Equal(5, service.Calls);
        Assert.Equal("answered", await client.GetStringAsync(new Uri("/api/v1/products", UriKind.Relative), Cancelled));
    }

    [Fact]
    public async Task A_service_that_says_what_it_lacks_is_asked_on()
    {
        await using var service = await ScriptedService.StartAsync(http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "5";
            http.Response.ContentType = "application/problem+json";
            return http.Response.WriteAsync("""{"type":"/problems/database-unavailable"}""");
        });
        using var gateway = fixture.Gateway(("ReverseProxy:Clusters:forecast:Destinations:forecast:Address", service.Address), ("Resilience:Breaker:MinimumCalls", "5"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        for (var i = 0; i < 20; i++)
            await StatusAsync(client);
        Assert.Equal(((int?)0, 20), (State(gateway), service.Calls));
    }

    [Fact]
    public async Task Answers_that_never_come_open_it_and_bodies_that_never_end_do_not()
    {
        await using var service = await ScriptedService.StartAsync(http => http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted));
        using var gateway = fixture.Gateway(
            ("ReverseProxy:Clusters:forecast:Destinations:forecast:Address", service.Address), ("Resilience:Breaker:MinimumCalls", "5"),
            ("ReverseProxy:Routes:accuracy:Timeout", "00:00:00.3"), ("ReverseProxy:Routes:demand:Timeout", "00:00:00.3"));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        for (var i = 0; i < 8; i++)
        {
            using var body = new EndlessContent();
            using var response = await client.PostAsync(new Uri("/api/v1/demand", UriKind.Relative), body, Cancelled);
            Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        }
        Assert.Equal(0, State(gateway)); // else anybody who sends slowly could close the service to all
        service.Answer = ScriptedService.Never;
        for (var i = 0; i < 13; i++)
            await StatusAsync(client);
        Assert.Equal(2, State(gateway));
    }

    private async Task FailAsync(TimeSpan slow, TimeSpan window, TimeSpan pause, TimeSpan tolerance)
    {
        await using var service = await ScriptedService.StartAsync(ScriptedService.After(slow));
        using var gateway = fixture.Gateway(
            ("ReverseProxy:Clusters:forecast:Destinations:forecast:Address", service.Address), ("RateLimits:Policies:default:Requests", "100000"),
            ("Resilience:Breaker:SlowAfter", (slow * 0.8).ToString()), ("Resilience:Breaker:Window", window.ToString()), ("Resilience:Breaker:Break", pause.ToString()));
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());

        // Late answers: twenty of them, side by side.
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StatusAsync(client)));
        Assert.Equal(2, State(gateway));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"It opened after {watch.Elapsed}.");
        await RefusedAsync(client, gateway, service, pause, tolerance);

        // The probe is late too, so it stays closed to everybody else; then half of the answers are 500.
        await StatusAsync(client);
        Assert.Equal(2, State(gateway));
        var turn = 0;
        service.Answer = http => ScriptedService.Status(Interlocked.Increment(ref turn) % 2 == 0 ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK)(http);
        await RefusedAsync(client, gateway, service, pause, tolerance);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));
        Assert.Equal(0, State(gateway));
        watch.Restart();
        await Until.TrueAsync(async () => { await StatusAsync(client); return State(gateway) == 2; }, "half of the answers fail");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"It opened after {watch.Elapsed}.");
        service.Answer = ScriptedService.Status(StatusCodes.Status200OK);
        await RefusedAsync(client, gateway, service, pause, tolerance);

        // One probe closes it.
        var before = service.Calls;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));
        Assert.Equal(0, State(gateway));
        Assert.Equal(before + 1, service.Calls);
    }

    /// <summary>As long as the breaker is open everything is refused at once and nothing reaches the service.</summary>
    private static async Task RefusedAsync(HttpClient client, GatewayHost gateway, ScriptedService service, TimeSpan pause, TimeSpan tolerance)
    {
        var circuit = gateway.Services.GetRequiredService<Shabou.Gateway.Resilience.Circuits>().Of("forecast");
        var left = circuit.Wait ?? TimeSpan.Zero;
        Assert.InRange(left, pause - tolerance, pause);
        var calls = service.Calls;
        var open = Stopwatch.StartNew();
        var refusals = new List<TimeSpan>();
        using var each = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (circuit.Wait is { } wait && wait > TimeSpan.FromMilliseconds(60)) // the last moment might belong to the probe
        {
            var asked = Stopwatch.GetTimestamp();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client));
            refusals.Add(Stopwatch.GetElapsedTime(asked));
            await each.WaitForNextTickAsync(Cancelled);
        }
        Assert.Equal(calls, service.Calls);
        Assert.InRange(open.Elapsed, left - tolerance, left + tolerance);
        refusals.Sort();
        TestContext.Current.SendDiagnosticMessage($"{refusals.Count} refusals, p50 {refusals[refusals.Count / 2].TotalMilliseconds:N1} ms, p99 {refusals[(int)(refusals.Count * 0.99)].TotalMilliseconds:N1} ms, open {open.Elapsed.TotalSeconds:N2} s");
        Assert.True(refusals[refusals.Count / 2] < TimeSpan.FromMilliseconds(50), $"Half of the refusals took more than {refusals[refusals.Count / 2]}.");
        await Until.TrueAsync(() => circuit.Wait is null, "the break is over");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync(new Uri("/api/v1/accuracy", UriKind.Relative), Cancelled);
        return response.StatusCode;
    }

    private static int? State(GatewayHost gateway) => gateway.Gauge("shabou.gateway.circuit_state", "forecast");

    /// <summary>A body of which nothing comes.</summary>
    private sealed class EndlessContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.FlushAsync(cancellationToken); // the headers go out all the same
            await Until.CancelledAsync(cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
