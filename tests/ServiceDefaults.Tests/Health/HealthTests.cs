using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.ServiceDefaults.Health;

namespace Shabou.ServiceDefaults.Tests.Health;

public sealed class HealthTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_healthy_service_says_so_to_anybody(string environment)
    {
        await using var app = await TestApp.StartAsync(_ => { }, environment: environment);
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(app, "/alive"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(app, "/health"));
    }

    [Fact]
    public async Task A_failed_dependency_makes_it_unready_but_not_dead()
    {
        await using var app = await TestApp.StartAsync(_ => { }, builder => builder.Services.AddHealthChecks()
            .AddCheck("database", () => HealthCheckResult.Unhealthy("Host=db;Password=secret-of-the-db")));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(app, "/alive"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await AskAsync(app, "/health"));
    }

    [Fact]
    public async Task A_check_that_is_only_reported_does_not_decide_readiness()
    {
        await using var app = await TestApp.StartAsync(_ => { }, builder => builder.Services.AddHealthChecks()
            .AddCheck("backup", () => HealthCheckResult.Unhealthy("The newest backup is old."), [HealthEndpoints.Deep]));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(app, "/health"));
    }

    [Fact]
    public async Task A_check_that_throws_tells_nothing_outside()
    {
        await using var app = await TestApp.StartAsync(_ => { }, builder => builder.Services.AddHealthChecks()
            .AddCheck("database", HealthCheckResult () => throw new InvalidOperationException("secret")));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await AskAsync(app, "/health"));
    }

    [Fact]
    public async Task Many_probes_at_once_are_one_question()
    {
        var asked = 0;
        var answer = new TaskCompletionSource<HealthCheckResult>();
        await using var app = await TestApp.StartAsync(_ => { }, builder => builder.Services.AddHealthChecks()
            .AddAsyncCheck("slow", () =>
            {
                Interlocked.Increment(ref asked);
                return answer.Task;
            }));
        var probes = Enumerable.Range(0, 20).Select(_ => AskAsync(app, "/health")).ToList();
        answer.SetResult(HealthCheckResult.Healthy());
        Assert.All(await Task.WhenAll(probes), answered => Assert.Equal((HttpStatusCode.OK, "Healthy"), answered));
        Assert.InRange(asked, 1, 2);
    }

    [Fact]
    public async Task A_check_that_does_not_answer_is_a_failed_one()
    {
        await using var app = await TestApp.StartAsync(_ => { }, builder => builder.Services.AddHealthChecks()
            .AddAsyncCheck("hanging", () => new TaskCompletionSource<HealthCheckResult>().Task));
        var answer = new HealthAnswer(app.Services.GetRequiredService<HealthCheckService>(), _ => true, TimeSpan.FromMilliseconds(20));
        Assert.Equal(HealthStatus.Unhealthy, await answer.GetAsync().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    private static async Task<(HttpStatusCode, string)> AskAsync(TestApp app, string path)
    {
        using var response = await app.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
