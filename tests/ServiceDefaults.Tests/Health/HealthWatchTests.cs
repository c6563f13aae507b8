using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Shabou.ServiceDefaults.Health;

namespace Shabou.ServiceDefaults.Tests.Health;

public sealed class HealthWatchTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_check_that_hangs_fails_and_is_not_asked_again_meanwhile()
    {
        var (asked, hanging) = (0, new TaskCompletionSource<HealthCheckResult>());
        await using var app = await StartAsync(checks => checks.AddAsyncCheck("hangs", () =>
        {
            Interlocked.Increment(ref asked);
            return hanging.Task;
        }), ("Health:Every", "00:00:08"), ("Health:Patience", "00:00:00.1"));
        var watch = app.Services.GetRequiredService<HealthWatch>();
        var entry = await watch.LookAsync("hangs", Cancelled);
        Assert.Equal((HealthStatus.Unhealthy, "It did not answer within 0.1 s."), (entry.Status, entry.Sentence));
        await watch.LookAsync("hangs", Cancelled);
        Assert.Equal(1, asked);

        hanging.SetResult(HealthCheckResult.Healthy("It answers."));
        Assert.Equal("It answers.", (await watch.LookAsync("hangs", Cancelled)).Sentence);
    }

    [Fact]
    public async Task One_check_that_hangs_delays_no_other()
    {
        var looked = new TaskCompletionSource();
        var times = 0;
        await using var app = await StartAsync(checks => checks
            .AddAsyncCheck("hangs", () => new TaskCompletionSource<HealthCheckResult>().Task)
            .AddCheck("quick", () =>
            {
                if (Interlocked.Increment(ref times) == 3)
                {
                    looked.SetResult();
                }

                return HealthCheckResult.Healthy();
            }), ("Health:Every", "00:00:00.1"), ("Health:Patience", "00:00:08"));
        await looked.Task.WaitAsync(TimeSpan.FromSeconds(7), Cancelled); // before the other's patience is at its end
    }

    [Fact]
    public async Task A_status_keeps_the_time_of_its_last_change_and_a_change_is_logged_once()
    {
        var status = HealthStatus.Healthy;
        await using var app = await StartAsync(checks => checks.AddCheck("turns", () => new HealthCheckResult(status, "Words of the check.")), ("Health:Every", "00:00:08"), ("Health:Patience", "00:00:01"));
        var watch = app.Services.GetRequiredService<HealthWatch>();
        var first = await watch.LookAsync("turns", Cancelled);
        Assert.Equal(first.ChangedAt, (await watch.LookAsync("turns", Cancelled)).ChangedAt);
        status = HealthStatus.Degraded;
        var turned = await watch.LookAsync("turns", Cancelled);
        Assert.True(turned.ChangedAt > first.ChangedAt);
        await watch.LookAsync("turns", Cancelled);
        Assert.Single(app.Log.All, line => line.Contains("Check turns turned Degraded", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("The service db-1.internal:5432 is away.")]
    [InlineData("No answer from http://catalog.")]
    [InlineData("PostgreSQL 17.2.1 is too old.")]
    [InlineData("Password=hunter2hunter2 was refused.")]
    [InlineData("The database is at migration 20261121040020_InitialCreate.")]
    [InlineData("/etc/shabou/gateway.pem cannot be read.")]
    [InlineData("NpgsqlException was thrown.")]
    public async Task A_sentence_that_tells_of_the_inside_is_replaced(string sentence)
    {
        await using var app = await StartAsync(checks => checks.AddCheck("talks", () => HealthCheckResult.Unhealthy(sentence)));
        Assert.Equal("It does not work; the log says why.", (await app.Services.GetRequiredService<HealthWatch>().LookAsync("talks", Cancelled)).Sentence);
    }

    [Fact]
    public async Task Figures_are_numbers_and_times_and_never_text()
    {
        await using var app = await StartAsync(checks => checks.AddCheck("measures", () => HealthCheckResult.Healthy("It measures at 12:30:00 on 2026-11-21.", new Dictionary<string, object>
        {
            ["count"] = 3, ["age"] = TimeSpan.FromSeconds(2), ["host"] = "db-1", ["nested"] = new ConcurrentQueue<string>(),
        })));
        var entry = await app.Services.GetRequiredService<HealthWatch>().LookAsync("measures", Cancelled);
        Assert.Equal(["age", "count"], entry.Figures.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("It measures at 12:30:00 on 2026-11-21.", entry.Sentence);
    }

    [Fact]
    public async Task Looking_that_could_not_keep_the_promise_of_ten_seconds_does_not_start()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(_ => { }, ("Health:Every", "00:00:08"), ("Health:Patience", "00:00:02")));
        Assert.Contains("Health:Every", refused.Message, StringComparison.Ordinal);
    }

    private static Task<TestApp> StartAsync(Action<IHealthChecksBuilder> add, params (string Key, string? Value)[] settings) => TestApp.StartAsync(
        _ => { },
        builder =>
        {
            builder.AddHealthWatch();
            add(builder.Services.AddHealthChecks());
        }, settings: settings);
}
