using System.Net;
using Microsoft.AspNetCore.Http;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Resilience;

/// <summary>A gateway that is told to end, as a process.</summary>
public sealed class DrainTests(GatewayFixture fixture)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_first_not_ready_then_finishes_what_is_under_way_and_ends_with_0()
    {
        using var release = new SemaphoreSlim(0);
        await using var service = await ScriptedService.StartAsync(async http =>
        {
            await release.WaitAsync(http.RequestAborted);
            await http.Response.WriteAsync("in time");
        });
        await using var gateway = await GatewayProcess.StartAsync([.. fixture.Settings(service.Address), ("Drain:Notice", "00:00:03")]);
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        var underWay = client.GetAsync(new Uri("/api/v1/brands", UriKind.Relative), Cancelled);
        await Until.TrueAsync(() => service.Calls == 1, "the request is under way");

        gateway.Terminate();
        using var prober = gateway.Client();
        await Until.TrueAsync(async () => await HealthAsync(prober) == HttpStatusCode.ServiceUnavailable, "it is not ready any more");
        using var alive = await prober.GetAsync(new Uri("/alive", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode); // still answering, for those who have not noticed
        Assert.True(alive.Headers.ConnectionClose);
        await Until.TrueAsync(async () => await HealthAsync(prober) is null, "it accepts no connections");
        release.Release();
        using var response = await underWay;
        Assert.Equal("in time", await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(0, await gateway.ExitCodeAsync());
    }

    [Fact]
    public async Task What_takes_too_long_is_cut_off_and_it_ends_with_0_all_the_same()
    {
        await using var service = await ScriptedService.StartAsync(ScriptedService.Never);
        await using var gateway = await GatewayProcess.StartAsync([.. fixture.Settings(service.Address), ("Drain:Notice", "00:00:00"), ("Drain:InFlight", "00:00:01")]);
        using var client = gateway.Client(await fixture.Postgres.IssueAsync());
        var underWay = client.GetAsync(new Uri("/api/v1/brands", UriKind.Relative), Cancelled);
        await Until.TrueAsync(() => service.Calls == 1, "the request is under way");
        gateway.Terminate();
        await Assert.ThrowsAsync<HttpRequestException>(() => underWay);
        Assert.Equal(0, await gateway.ExitCodeAsync());
    }

    [Theory]
    [InlineData("ReverseProxy:Routes:leads:Timeout", "", "Gateway does not start: Route 'leads' has no Timeout: set ReverseProxy:Routes:leads:Timeout or TimeoutPolicy.")]
    [InlineData("ReverseProxy:Routes:leads:ClusterId", "nobody", "Gateway does not start: Route 'leads' leads to cluster 'nobody', which does not exist: set ReverseProxy:Routes:leads:ClusterId to one of catalog, forecast, prospector.")]
    [InlineData("Resilience:Retry:Attempts", "9", "Gateway does not start: Resilience:Retry needs :Attempts from 0 to 2,")]
    public async Task What_cannot_be_right_ends_it_with_one_sentence_and_not_with_0(string key, string value, string sentence)
    {
        var (exitCode, said) = await GatewayProcess.RunAsync([.. fixture.Settings("http://127.0.0.1:9"), (key, value)]);
        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", said, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode?> HealthAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
