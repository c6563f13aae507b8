using System.Diagnostics;
using System.Net;
using Shabou.Testing;

namespace Shabou.CatalogApi.Tests.Pools;

public sealed class StarvedProcessTests(TestServers servers)
{
    private const int BusyPerProcessor = 3;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact, Trait("Category", "Faults")]
    public async Task A_process_that_hardly_gets_a_processor_takes_its_own_slowness_for_nobody_s()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        var busy = Enumerable.Range(0, BusyPerProcessor * Environment.ProcessorCount).Select(_ => Process.Start("sh", ["-c", "while :; do :; done"])).ToList();
        try
        {
            await using var catalog = await SmallCatalog.StartAsync(servers, pool: 20, ("DOTNET_ThreadPool_ForceMaxWorkerThreads", "2"), ("DOTNET_ThreadPool_ForceMinWorkerThreads", "1"));
            using var client = catalog.Client();
            using var answer = await client.GetAsync(SmallCatalog.Read(0), Cancelled); // it compiles what it needs while the database is asked whether it is there
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{await answer.Content.ReadAsStringAsync(Cancelled)}\n{catalog.Said()}");
        }
        finally
        {
            foreach (var process in busy)
            {
                process.Kill();
                process.Dispose();
            }
        }
    }
}
