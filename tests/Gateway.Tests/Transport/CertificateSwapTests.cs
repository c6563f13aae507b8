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
        Task<int>[] clients =
        [
            AskAsync(pooled: true, HttpVersion.Version11, done.Token), AskAsync(pooled: true, HttpVersion.Version20, done.Token),
            AskAsync(pooled: false, HttpVersion.Version11, done.Token), AskAsync(pooled: false, HttpVersion.Version20, done.Token),
        ];
        for (var swap = 0; swap < 5; swap++)
        {
            await _gateway.WaitForAsync(_gateway.Certificate.Renew());
            Assert.True(shown.Add(await _gateway.PresentedAsync()));
        }
        await done.CancelAsync();
        Assert.All(await Task.WhenAll(clients), count => Assert.InRange(count, 5, int.MaxValue)); // any failure would have thrown
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

    /// <returns>How many requests were answered.</returns>
    private async Task<int> AskAsync(bool pooled, Version version, CancellationToken done)
    {
        using var client = _gateway.TrustingClient(pooled);
        for (var count = 0; ; count++)
        {
            if (done.IsCancellationRequested)
                return count;
            using var request = new HttpRequestMessage(HttpMethod.Get, Alive) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var response = await client.SendAsync(request, Cancelled);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
