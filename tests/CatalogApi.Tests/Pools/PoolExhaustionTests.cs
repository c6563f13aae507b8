using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shabou.Testing;

namespace Shabou.CatalogApi.Tests.Pools;

/// <summary>More callers than connections: each gets an answer in time, and the server never has more connections than planned.</summary>
public sealed class PoolExhaustionTests(TestServers servers)
{
    private const int Pool = 5;
    private const int AtOnce = 10 * Pool;
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(3); // of a machine that runs other tests

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_times_as_many_requests_as_connections_are_told_within_five_seconds_and_the_pool_recovers_at_once()
    {
        await using var catalog = await SmallCatalog.StartAsync(servers, Pool);
        using var client = catalog.Client();
        Assert.Equal(HttpStatusCode.OK, (await TimedAsync(client, 9_999)).Status); // the first answer of a process is slow for reasons of its own
        await catalog.HoldAsync();
        var requests = Enumerable.Range(0, AtOnce).Select(number => TimedAsync(client, number)).ToList();
        var first = await Task.WhenAny(requests); // the first who was refused: all places are taken
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await first).Status);
        Assert.InRange(await catalog.OpenAsync(), Pool, Pool + 3); // beside the pool: the listener of jobs, the health check, and the question whether the database hangs
        await UntilAsync(() => Task.FromResult(requests.Count(request => request.IsCompleted) >= AtOnce - Pool)); // the others hold the connections
        await catalog.ReleaseAsync();

        var answers = await Task.WhenAll(requests);
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer.Status}"));
        var refused = answers.Where(a => a.Status == HttpStatusCode.ServiceUnavailable).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, answer =>
        {
            Assert.Equal("/problems/database-unavailable", answer.Problem);
            Assert.Contains("all connections of this service are in use", answer.Detail, StringComparison.Ordinal);
            Assert.True(answer.HasRetryAfter);
        });
        var p99 = refused.Select(a => a.Took).Order().ElementAt((int)(refused.Count * 0.99));
        Assert.True(p99 < s_wait + s_slack, $"The 99th percentile waited {p99.TotalSeconds:0.0} s.");

        var again = Stopwatch.GetTimestamp();
        var after = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(number => TimedAsync(client, AtOnce + number)));
        Assert.All(after, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.True(Stopwatch.GetElapsedTime(again) < TimeSpan.FromSeconds(5), $"It recovered after {Stopwatch.GetElapsedTime(again).TotalSeconds:0.0} s.");
        await UntilAsync(async () => await catalog.ActiveAsync() == 0);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{refused.Count} of {AtOnce} refused, p99 {p99.TotalSeconds:0.00} s; {AtOnce} more answered in {Stopwatch.GetElapsedTime(again).TotalSeconds:0.00} s");
    }

    private static async Task<Timed> TimedAsync(HttpClient client, int number)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await client.GetAsync(SmallCatalog.Read(number), Cancelled);
        var took = Stopwatch.GetElapsedTime(started);
        if (response.IsSuccessStatusCode) return new(response.StatusCode, took, "", "", false);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        return new(response.StatusCode, took, problem.GetProperty("type").GetString()!, problem.GetProperty("detail").GetString() ?? "", response.Headers.RetryAfter is not null);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo()) await timer.WaitForNextTickAsync(limit.Token);
    }

    private sealed record Timed(HttpStatusCode Status, TimeSpan Took, string Problem, string Detail, bool HasRetryAfter);
}
