using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shabou.Gateway.Tests.Servers;

namespace Shabou.Gateway.Tests.Transport;

/// <summary>Clients that trust the test's root and nothing else, as a browser would after a real one.</summary>
internal static class TlsClient
{
    private const string Host = "localhost";

    /// <summary>One new connection that has shaken hands.</summary>
    /// <param name="authority">The one that is trusted. Default: that of the gateway's usual certificate.</param>
    internal static async Task<SslStream> ConnectAsync(this GatewayHost gateway, SslProtocols versions = SslProtocols.None, X509Certificate2? authority = null)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = Host, EnabledSslProtocols = versions, CertificateChainPolicy = Trust(authority ?? gateway.Certificate.Authority),
        };
        var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(gateway.Https.Host, gateway.Https.Port, TestContext.Current.CancellationToken);
            var tls = new SslStream(socket.GetStream());
            await tls.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
            return tls;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>SHA-256 of the certificate that a new connection is shown; its chain is verified.</summary>
    internal static async Task<string> PresentedAsync(this GatewayHost gateway, X509Certificate2? authority = null)
    {
        await using var tls = await gateway.ConnectAsync(authority: authority);
        return tls.RemoteCertificate!.GetCertHashString(HashAlgorithmName.SHA256);
    }

    /// <summary>Waits until new connections are shown this certificate.</summary>
    internal static async Task WaitForAsync(this GatewayHost gateway, string thumbprint, X509Certificate2? authority = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await gateway.PresentedAsync(authority) != thumbprint)
            await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <param name="pooled">False: a new connection for each request.</param>
    internal static HttpClient TrustingClient(this GatewayHost gateway, bool pooled = true) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        PooledConnectionLifetime = pooled ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
        SslOptions = new() { CertificateChainPolicy = Trust(gateway.Certificate.Authority), TargetHost = Host },
    }) { BaseAddress = gateway.Https };

    private static X509ChainPolicy Trust(X509Certificate2 authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.Add(authority);
        return policy;
    }
}
