using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Shabou.Standins.Tests;

/// <summary>A redis-server that speaks TLS only, with a certificate from an authority made for this run.</summary>
public sealed class TlsRedisServer : RedisServer
{
    public string Issuer => Path.Combine(Folder.FullName, "ca.pem");

    private string Certificate => Path.Combine(Folder.FullName, "redis.pem");

    private string Key => Path.Combine(Folder.FullName, "redis.key");

    protected override IEnumerable<string> Arguments =>
    [
        "--port", "0", "--tls-port", $"{Port}", "--tls-auth-clients", "no",
        "--tls-cert-file", Certificate, "--tls-key-file", Key, "--tls-ca-cert-file", Issuer,
    ];

    public override async ValueTask InitializeAsync()
    {
        var (from, until) = (DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Authority of one test run", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var issuer = authority.CreateSelfSigned(from, until);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(issuer, from, until, RandomNumberGenerator.GetBytes(16));

        var cancellationToken = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Issuer, issuer.ExportCertificatePem(), cancellationToken);
        await File.WriteAllTextAsync(Certificate, certificate.ExportCertificatePem(), cancellationToken);
        await File.WriteAllTextAsync(Key, key.ExportPkcs8PrivateKeyPem(), cancellationToken);
        await base.InitializeAsync();
    }
}
