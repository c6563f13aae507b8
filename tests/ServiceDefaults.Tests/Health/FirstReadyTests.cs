using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Shabou.ServiceDefaults.Health;

namespace Shabou.ServiceDefaults.Tests.Health;

public sealed class FirstReadyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_that_can_wait_begins_when_the_checks_succeed_though_nobody_probes()
    {
        var (asked, healthy) = (0, false);
        await using var app = await TestApp.StartAsync(_ => { }, builder => builder.Services.AddHealthChecks().AddCheck("database", () =>
        {
            Interlocked.Increment(ref asked);
            return Volatile.Read(ref healthy) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
        }));
        var work = app.Services.GetRequiredService<FirstReady>().WaitAsync(Cancelled);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (Volatile.Read(ref asked) < 3) await timer.WaitForNextTickAsync(limit.Token);
        Assert.False(work.IsCompleted);
        Volatile.Write(ref healthy, true);
        await work.WaitAsync(limit.Token);
    }

    [Fact]
    public async Task A_check_that_is_only_reported_keeps_no_work_waiting()
    {
        await using var app = await TestApp.StartAsync(_ => { }, builder => builder.Services.AddHealthChecks()
            .AddCheck("backup", () => HealthCheckResult.Unhealthy(), [HealthEndpoints.Deep]));
        await app.Services.GetRequiredService<FirstReady>().WaitAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
    }

    [Fact]
    public async Task Work_of_a_program_that_stops_before_it_was_ready_ends()
    {
        await using var app = await TestApp.StartAsync(_ => { }, builder => builder.Services.AddHealthChecks().AddCheck("database", () => HealthCheckResult.Unhealthy()));
        using var stopping = new CancellationTokenSource();
        var work = app.Services.GetRequiredService<FirstReady>().WaitAsync(stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    [Fact]
    public void A_program_without_requests_need_not_wait()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<FirstReady>();
        using var host = builder.Build();
        Assert.True(host.Services.GetRequiredService<FirstReady>().WaitAsync(Cancelled).IsCompletedSuccessfully);
    }
}
