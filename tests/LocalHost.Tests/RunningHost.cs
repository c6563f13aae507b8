using System.Security.Cryptography.X509Certificates;

[assembly: AssemblyFixture(typeof(Shabou.LocalHost.Tests.RunningHost))]

namespace Shabou.LocalHost.Tests;

/// <summary>One host for the tests that only look at it, or leave it as they found it.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private HostProcess? _host;

    internal DataFolder Folder => _folder;

    internal HttpClient Page { get; private set; } = new();

    public async ValueTask InitializeAsync()
    {
        _host = HostProcess.Start(_folder);
        Page = await _host.UntilReadyAsync(CancellationToken.None);
    }

    /// <summary>A client that trusts the host's authority and nobody else, and opens a new connection for each request.</summary>
    internal HttpClient ClientOf(Uri address)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder.Path, "certificates", "authority", "ca.pem")));
        var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy }, PooledConnectionLifetime = TimeSpan.Zero };
        return new(handler) { BaseAddress = address };
    }

    public async ValueTask DisposeAsync()
    {
        Page.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
        _folder.Dispose();
    }
}
