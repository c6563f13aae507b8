using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shabou.Gateway.Tests.Servers;
using Shabou.Schema.Ops;
using Shabou.ServiceDefaults.Problems.Alerts;

namespace Shabou.Gateway.Tests.Problems;

/// <summary>The alerts of two gateways, with a clock that the test moves and a database of its own.</summary>
public sealed class ProblemAlertTests(GatewayFixture fixture, PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private readonly MovedClock _clock = new();
    private readonly CriticalLines _log = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_hundred_failures_on_two_gateways_are_one_alert_and_after_the_window_there_is_a_second()
    {
        await ForgetAsync();
        using GatewayHost one = Gateway(), other = Gateway();
        var key = await postgres.IssueAsync();
        await Task.WhenAll(FailAsync(one, key, 250), FailAsync(other, key, 250));
        await Task.WhenAll(SayAsync(one), SayAsync(other));
        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal((AlertSeverity.Critical, "unexpected"), (alert.Severity, alert.Subject));
        var detail = JsonDocument.Parse(alert.Detail!).RootElement;
        Assert.InRange(detail.GetProperty("count").GetInt32(), 1, 250);
        Assert.Contains(detail.GetProperty("requestId").GetString()!, alert.Summary, StringComparison.Ordinal);

        _clock.Ahead += Window - TimeSpan.FromSeconds(30);
        await Task.WhenAll(FailAsync(one, key, 10), FailAsync(other, key, 10));
        await Task.WhenAll(SayAsync(one), SayAsync(other));
        Assert.Single(await AlertsAsync());

        _clock.Ahead += TimeSpan.FromMinutes(1);
        await Task.WhenAll(FailAsync(one, key, 10), FailAsync(other, key, 10));
        await Task.WhenAll(SayAsync(one), SayAsync(other));
        await Task.WhenAll(SayAsync(one), SayAsync(other));
        Assert.Equal(2, (await AlertsAsync()).Count);
    }

    [Fact]
    public async Task An_alert_is_written_beside_the_requests_and_its_delivery_is_ordered()
    {
        await ForgetAsync();
        using var gateway = Gateway(("ProblemAlerts:Tick", "00:00:00.1"));
        await FailAsync(gateway, await postgres.IssueAsync(), 1);
        var alert = Assert.Single(await UntilAsync(AlertsAsync, alerts => alerts.Count > 0));
        await IsOrderedAsync(alert);
    }

    [Fact]
    public async Task With_the_grants_of_the_gateway_an_alert_is_written_and_delivered()
    {
        await ForgetAsync();
        using var gateway = Gateway(("ConnectionStrings:shabou", await GatewayRole.LogInAsync(postgres, Cancelled)));
        await FailAsync(gateway, await postgres.IssueAsync(), 1);
        await SayAsync(gateway);
        await IsOrderedAsync(Assert.Single(await AlertsAsync()));
    }

    [Fact]
    public async Task While_the_database_is_away_an_alert_is_one_critical_line_and_becomes_a_row_when_it_is_back()
    {
        await ForgetAsync();
        using var gateway = Gateway();
        using var outcomes = new AlertOutcomes(gateway);
        var key = await postgres.IssueAsync();
        await FailAsync(gateway, key, 1, "bad-request"); // the key is remembered from here on
        await postgres.StopAsync(Cancelled);
        try
        {
            await FailAsync(gateway, key, 20);
            await SayAsync(gateway);
            await SayAsync(gateway);
            Assert.Contains("unexpected", Assert.Single(_log.Lines), StringComparison.Ordinal);
            Assert.Equal(["logged"], outcomes.All);
        }
        finally
        {
            await postgres.StartAsync(Cancelled);
        }
        await SayAsync(gateway);
        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal(20, JsonDocument.Parse(alert.Detail!).RootElement.GetProperty("count").GetInt32());
        Assert.Equal(["logged", "written"], outcomes.All);
    }

    [Fact]
    public async Task A_service_that_is_away_is_an_alert_only_when_it_stays_away()
    {
        await ForgetAsync();
        using var gateway = Gateway(("Services:catalog:http:0", "http://127.0.0.1:1"));
        using var client = gateway.Client(await postgres.IssueAsync());
        for (var minute = 0; minute < 3; minute++)
        {
            Assert.Empty(await AlertsAsync());
            await AskAsync();
            await SayAsync(gateway);
            _clock.Ahead += TimeSpan.FromSeconds(40);
        }
        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal("service-unavailable", alert.Subject);

        _clock.Ahead += TimeSpan.FromHours(1); // it was back, and is away again
        await AskAsync();
        await SayAsync(gateway);
        Assert.Single(await AlertsAsync());

        async Task AskAsync()
        {
            using var response = await client.GetAsync(new Uri("/api/v1/products", UriKind.Relative), Cancelled);
            await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "service-unavailable");
        }
    }

    public void Dispose() => _log.Dispose();

    private GatewayHost Gateway(params (string Key, string? Value)[] settings) => fixture.Gateway(
        services => services.AddSingleton<IStartupFilter, Failures>().AddSingleton<TimeProvider>(_clock).AddSingleton<ILoggerProvider>(_log),
        [("ConnectionStrings:shabou", postgres.ConnectionString), ("RateLimits:Policies:default:Requests", "10000"), ("ProblemAlerts:Tick", "00:01:00"), .. settings]);

    private static async Task FailAsync(GatewayHost gateway, IssuedKey key, int times, string how = "unexpected")
    {
        using var client = gateway.Client(key);
        await Parallel.ForEachAsync(Enumerable.Range(0, times), Cancelled, async (_, cancellation) =>
        {
            using var response = await client.GetAsync(new Uri(Failures.Prefix + how, UriKind.Relative), cancellation);
            Assert.Equal(Failures.All[how].Status, (int)response.StatusCode);
        });
    }

    private static Task SayAsync(GatewayHost gateway) => gateway.Services.GetRequiredService<ProblemAlerts>().SayAsync(Cancelled);

    private async Task<List<Alert>> AlertsAsync()
    {
        await using var context = postgres.Context();
        return await context.Alerts.AsNoTracking().Where(alert => alert.Kind == ProblemAlert.Kind).OrderBy(alert => alert.CreatedAt).ToListAsync(Cancelled);
    }

    /// <summary>There is a job that any service of the shop runs.</summary>
    private async Task IsOrderedAsync(Alert alert)
    {
        await using var context = postgres.Context();
        Assert.Contains(await context.Jobs.Where(job => job.Kind == "ops.alert").Select(job => job.Payload).ToListAsync(Cancelled),
            payload => payload.Contains(alert.Id.ToString(), StringComparison.Ordinal));
    }

    private async Task ForgetAsync()
    {
        await using var context = postgres.Context();
        await context.Alerts.ExecuteDeleteAsync(Cancelled);
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> enough)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            if (await ask() is var answer && enough(answer))
                return answer;
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private sealed class MovedClock : TimeProvider
    {
        internal TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }

    private sealed class CriticalLines : ILoggerProvider, ILogger
    {
        internal ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Critical;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Lines.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
