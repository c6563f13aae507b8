using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Shabou.ServiceDefaults.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public async Task A_server_span_is_named_by_its_route_and_health_probes_have_none()
    {
        var spans = new Spans();
        await using var app = await TestApp.StartAsync(
            app => app.MapGet("/items/{id:int}", (int id) => id),
            builder => builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans)));
        using var health = await app.Client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
        using var response = await app.GetAsync("/items/7");
        await app.Log.WaitForAsync("GET /items/7 answered");
        var span = await spans.WaitForAsync(span => IsServerSpanOf(app, span));
        Assert.Equal("GET /items/{id:int}", span.DisplayName);
        Assert.Equal("/items/{id:int}", span.GetTagItem("http.route"));
        Assert.Equal("GET", span.GetTagItem("http.request.method"));
        Assert.Equal(200, span.GetTagItem("http.response.status_code"));
        Assert.Equal("/items/7", span.GetTagItem("url.path"));
        Assert.Single(spans.Ended, ended => IsServerSpanOf(app, ended));
    }

    // Sources belong to the process, so the spans of other tests' services arrive here too.
    private static bool IsServerSpanOf(TestApp app, Activity span) =>
        span.Kind == ActivityKind.Server && Equals(span.GetTagItem("server.port"), app.Address.Port);

    [Fact]
    public async Task Exported_logs_and_spans_have_no_secrets_but_the_request_id()
    {
        const string canary = "C4nary-Wert-2";
        var received = new ConcurrentQueue<(string Path, byte[] Body)>();
        await using var collector = await TestApp.StartAsync(app => app.MapPost("/v1/{signal}", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            received.Enqueue((http.Request.Path, body.ToArray()));
        }).AllowAnonymous());
        await using var app = await TestApp.StartAsync(
            app => app.MapGet("/", (ILogger<TelemetryTests> logger) =>
            {
                logger.LogError(new InvalidOperationException($"Password={canary}"), "Asked {Url}", $"https://x.test/?key={canary}");
                Activity.Current!.SetTag("shabou.target", $"postgresql://u:{canary}@db/shabou");
            }),
            settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", "tested")]);
        using (var request = TestApp.As("USER", HttpMethod.Get, "/"))
        {
            request.Headers.Add("X-Request-ID", "exported-1");
            using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }

        await app.StopAsync();
        Assert.True(app.Services.GetRequiredService<LoggerProvider>().ForceFlush(timeoutMilliseconds: 30_000));
        Assert.True(app.Services.GetRequiredService<TracerProvider>().ForceFlush(timeoutMilliseconds: 30_000));
        Assert.True(app.Services.GetRequiredService<MeterProvider>().ForceFlush(timeoutMilliseconds: 30_000));
        var logs = TextOf(received, "/v1/logs");
        Assert.Contains("Asked https://x.test/?key=***", logs, StringComparison.Ordinal);
        Assert.Contains("exported-1", logs, StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidOperationException), logs, StringComparison.Ordinal);
        var traces = TextOf(received, "/v1/traces");
        Assert.Contains("postgresql://u:***@db/shabou", traces, StringComparison.Ordinal);
        Assert.NotEmpty(TextOf(received, "/v1/metrics"));
        Assert.All(received, message => Assert.DoesNotContain(canary, Encoding.UTF8.GetString(message.Body), StringComparison.Ordinal));
    }

    private static string TextOf(IEnumerable<(string Path, byte[] Body)> received, string path) =>
        string.Concat(received.Where(message => message.Path == path).Select(message => Encoding.UTF8.GetString(message.Body)));

    private sealed class Spans : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = new();

        public override void OnEnd(Activity data) => Ended.Enqueue(data);

        public async Task<Activity> WaitForAsync(Func<Activity, bool> which)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(TimeSpan.FromSeconds(10));
            while (true)
            {
                if (Ended.FirstOrDefault(which) is { } found)
                {
                    return found;
                }

                await Task.Delay(10, patience.Token);
            }
        }
    }
}
