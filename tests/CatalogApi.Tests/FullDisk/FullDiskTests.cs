using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Shabou.Testing;

namespace Shabou.CatalogApi.Tests.FullDisk;

/// <summary>T18: no room on the disk of PostgreSQL, or for the log of a service.</summary>
[Trait("Category", "Faults")]
public sealed class FullDiskTests(TestServers servers)
{
    private static readonly TimeSpan s_recovers = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(SkipExceptions = [typeof(NotSupportedException)])]
    public async Task With_a_full_disk_parts_are_read_writes_are_503_and_with_room_again_all_is_whole()
    {
        await using var disk = await SmallDisk.MountAsync(servers);
        await using var catalog = await ServiceProcess.StartAsync("CatalogApi",
            [("ConnectionStrings:shabou", disk.Database), ("ConnectionStrings:redis", servers.Redis), ("Catalog:Cache:Prefix", $"test:{Guid.NewGuid():N}")], Cancelled);
        using var client = catalog.SignedIn();
        await WriteAsync(client, 0);
        Assert.Equal(HttpStatusCode.Created, await WriteAsync(client, 1));
        await disk.FillAsync();

        var (refused, number) = (0, 2);
        for (; refused < 20 && number < 5_000; number++) // what still fits in started pages is stored
        {
            var status = await WriteAsync(client, number);
            Assert.True(status is HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable, $"A write was answered {status}.");
            if (status == HttpStatusCode.ServiceUnavailable) refused++;
            using var read = await client.GetAsync(new Uri($"/api/v1/products?size=1&minPrice={number}", UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        }
        Assert.Equal(20, refused);

        disk.Free();
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await WriteAsync(client, number++) != HttpStatusCode.Created)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < s_recovers, "It did not recover within 30 s.");
            await timer.WaitForNextTickAsync(Cancelled);
        }
        var recovered = Stopwatch.GetElapsedTime(since);
        Assert.Null(await disk.CheckAsync());
        TestContext.Current.TestOutputHelper?.WriteLine($"{number} writes, 20 refused by the full disk; recovered after {recovered.TotalSeconds:0.00} s; pg_amcheck found nothing");
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_takes_no_service_down()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)port.LocalEndpoint).Port}");
        port.Stop();
        var folder = AppContext.BaseDirectory.Replace(Path.Combine("tests", "CatalogApi.Tests"), "CatalogApi", StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-c", "exec dotnet exec CatalogApi.dll > /dev/full 2>&1"]) { WorkingDirectory = folder };
        (string Key, string Value)[] settings =
        [
            ("ASPNETCORE_ENVIRONMENT", "Development"), ("ASPNETCORE_URLS", address.ToString()), ("Logging:LogLevel:Default", "Information"),
            ("ConnectionStrings:shabou", await servers.CreateDatabaseAsync()), ("ConnectionStrings:redis", servers.Redis), .. TestTokens.Settings,
        ];
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start)!;
        try
        {
            using var client = new HttpClient { BaseAddress = address }.SignIn();
            await UntilReadyAsync(client);
            for (var number = 1; number <= 100; number++)
            {
                using var read = await client.GetAsync(new Uri($"/api/v1/products?size=1&minPrice={number}", UriKind.Relative), Cancelled);
                Assert.Equal(HttpStatusCode.OK, read.StatusCode);
            }
            Assert.False(process.HasExited);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<HttpStatusCode> WriteAsync(HttpClient client, int number)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/brands", new { slug = $"brand-{number}", name = new string('x', 90) }, Cancelled);
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
            Assert.Contains("no room left", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.NotNull(response.Headers.RetryAfter);
        }
        return response.StatusCode;
    }

    private static async Task UntilReadyAsync(HttpClient client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), limit.Token);
                if (health.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
