using System.Net;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Transport;

/// <summary>A renewal, done as ACME clients and Kubernetes do it, while clients keep asking.</summary>
public sealed class CertificateSwapTests(GatewayFixture fixture) : IDisposable
{
    private static readonly Uri Alive = new("/alive", UriKind.Relative);
    private readonly GatewayHost _gateway = fixture.Gateway(("Transport:CertificateCheckEvery", "00:00:00.050"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Certificates_are_swapped_five_times_under_load_and_no_request_fails()
    {
        var shown = new HashSet<string> { await _gateway.PresentedAsync() };
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Asker[] clients =
        [
            new(pooled: true, HttpVersion.Version11), new(pooled: true, HttpVersion.Version20),
            new(pooled: false, HttpVersion.Version11), new(pooled: false, HttpVersion.Version20),
        ];
        var asking = clients.Select(client => client.AskAsync(_gateway, done.Token)).ToArray();
        for (var swap = 0; swap < 5; swap++)
        {
            await AnsweredAsync(clients, asking, more: 2); // so that requests are under way when it happens
            await _gateway.WaitForAsync(_gateway.Certificate.Renew());
            Assert.True(shown.Add(await _gateway.PresentedAsync()));
        }
        await AnsweredAsync(clients, asking, more: 2);
        await done.CancelAsync();
        await Task.WhenAll(asking); // one request that failed would throw here
    }

    [Fact]
    public async Task A_connection_that_is_open_outlives_the_swap()
    {
        await using var before = await _gateway.ConnectAsync();
        await _gateway.WaitForAsync(_gateway.Certificate.Renew());
        await before.WriteAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Cancelled);
        var answer = new byte[12];
        await before.ReadExactlyAsync(answer, Cancelled);
        Assert.Equal("HTTP/1.1 200"u8.ToArray(), answer);
    }

    [Fact]
    public async Task A_link_that_is_turned_to_another_folder_is_a_renewal()
    {
        using var certificate = new TestCertificate();
        var folder = Directory.CreateTempSubdirectory("shabou-secret-");
        try
        {
            var first = Version("1");
            Turn("1");
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "tls.crt"), Path.Combine("..data", "tls.crt"));
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "tls.key"), Path.Combine("..data", "tls.key"));
            using var gateway = fixture.Gateway(("Transport:CertificateCheckEvery", "00:00:00.050"),
                ("Kestrel:Certificates:Default:Path", Path.Combine(folder.FullName, "tls.crt")), ("Kestrel:Certificates:Default:KeyPath", Path.Combine(folder.FullName, "tls.key")));
            Assert.Equal(first, await gateway.PresentedAsync(certificate.Authority));
            var second = Version("2");
            Turn("2"); // as the kubelet does, but less gently: for a moment there are no files at all
            await gateway.WaitForAsync(second, certificate.Authority);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        string Version(string name)
        {
            var pair = certificate.Issue();
            var version = folder.CreateSubdirectory(name);
            File.WriteAllText(Path.Combine(version.FullName, "tls.crt"), pair.Certificate);
            File.WriteAllText(Path.Combine(version.FullName, "tls.key"), pair.Key);
            return pair.Thumbprint;
        }

        void Turn(string name)
        {
            var link = Path.Combine(folder.FullName, "..data");
            File.Delete(link);
            File.CreateSymbolicLink(link, name);
        }
    }

    private static async Task AnsweredAsync(Asker[] clients, Task[] asking, int more)
    {
        var goals = clients.Select(client => client.Answered + more).ToArray();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(120));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (clients.Zip(goals).Any(pair => pair.First.Answered < pair.Second) && !asking.Any(task => task.IsFaulted))
            await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>A client that asks without a pause, on one connection or on a new one for each request.</summary>
    private sealed class Asker(bool pooled, Version version)
    {
        private int _answered;

        internal int Answered => Volatile.Read(ref _answered);

        internal async Task AskAsync(GatewayHost gateway, CancellationToken done)
        {
            using var client = gateway.TrustingClient(pooled);
            for (; !done.IsCancellationRequested; Interlocked.Increment(ref _answered))
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, Alive) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
                using var response = await client.SendAsync(request, Cancelled);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }
    }
}
