using System.Diagnostics;
using System.Net;
using Shabou.Testing;

namespace Shabou.CatalogApi.Tests.Pools;

/// <summary>Waiting for the database takes no thread: a process of two threads has 200 slow reads and still answers its probes.</summary>
public sealed class StarvationTests(TestServers servers)
{
    private const int SlowReads = 200;
    private const int Probes = 20;
    private static readonly TimeSpan s_promise = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_slow_reads_on_two_threads_leave_the_process_alive_and_the_pool_idle_afterwards()
    {
        await using var catalog = await SmallCatalog.StartAsync(servers, pool: 20, ("DOTNET_ThreadPool_ForceMaxWorkerThreads", "2"), ("DOTNET_ThreadPool_ForceMinWorkerThreads", "1"));
        using var client = catalog.Client();
        (await client.GetAsync(SmallCatalog.Read(9_999), Cancelled)).EnsureSuccessStatusCode().Dispose(); // the first answer of a process is slow for reasons of its own
        await catalog.HoldAsync();
        var reads = Enumerable.Range(0, SlowReads).Select(number => client.GetAsync(SmallCatalog.Read(number), Cancelled)).ToList();
        await UntilAsync(async () => await catalog.ActiveAsync() >= 10, async () => $"{await catalog.ActiveAsync()} of {await catalog.OpenAsync()} connections are active, {reads.Count(read => read.IsCompleted)} reads ended");

        var took = new List<TimeSpan>();
        for (var probe = 0; probe < Probes; probe++) took.Add(await ProbeAsync(client));
        Assert.Contains(reads, read => !read.IsCompleted); // they were under way all the time
        await catalog.ReleaseAsync();

        var median = took.Order().ElementAt(Probes / 2);
        Assert.True(median < s_promise, $"Half of the probes took more than {median.TotalMilliseconds:0} ms, the slowest {took.Max().TotalMilliseconds:0} ms.");
        foreach (var read in reads)
        {
            using var answer = await read;
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}");
        }
        await UntilAsync(async () => await catalog.ActiveAsync() == 0, async () => $"{await catalog.ActiveAsync()} connections are still active");
        TestContext.Current.TestOutputHelper?.WriteLine($"/alive: median {median.TotalMilliseconds:0.0} ms, slowest {took.Max().TotalMilliseconds:0.0} ms, under {SlowReads} slow reads");
    }

    private static async Task<TimeSpan> ProbeAsync(HttpClient client)
    {
        var started = Stopwatch.GetTimestamp();
        using var alive = await client.GetAsync(new Uri("/alive", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, Func<Task<string>> otherwise)
    {
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(20), await otherwise());
            await timer.WaitForNextTickAsync(Cancelled);
        }
    }
}
