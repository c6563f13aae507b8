using System.Diagnostics;
using System.Net;
using Shabou.Testing;

namespace Shabou.CatalogApi.Tests.Pools;

/// <summary>Waiting for the database takes no thread: a process of two threads has 200 slow reads and still answers its probes.</summary>
public sealed class StarvationTests(TestServers servers)
{
    private const int SlowReads = 200;
    private const int Probes = 20;
    private const int Series = 5;
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

        // Each probe is to be answered within the promise. One that another program on the machine delays spoils its series; starvation would spoil all of them.
        var slowest = new List<TimeSpan>();
        do
        {
            var took = new List<TimeSpan>();
            for (var probe = 0; probe < Probes; probe++) took.Add(await ProbeAsync(client));
            slowest.Add(took.Max());
        }
        while (slowest[^1] >= s_promise && slowest.Count < Series);
        var underWay = reads.Count(read => !read.IsCompleted);
        await catalog.ReleaseAsync();

        Assert.True(slowest[^1] < s_promise, $"In each of {Series} series a probe took longer than {s_promise.TotalMilliseconds} ms: {string.Join(", ", slowest.Select(series => $"{series.TotalMilliseconds:0} ms"))}.");
        Assert.True(underWay > SlowReads / 2, $"Only {underWay} of {SlowReads} reads were still under way.");
        foreach (var read in reads)
        {
            using var answer = await read;
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}");
        }
        await UntilAsync(async () => await catalog.ActiveAsync() == 0, async () => $"{await catalog.ActiveAsync()} connections are still active");
        TestContext.Current.TestOutputHelper?.WriteLine($"/alive: the slowest of {Probes} {slowest[^1].TotalMilliseconds:0.0} ms, in series {slowest.Count}, under {underWay} slow reads");
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
