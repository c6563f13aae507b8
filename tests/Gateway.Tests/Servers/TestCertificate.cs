using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>A certificate for 127.0.0.1 as PEM files, as a deployed gateway has them.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-gateway-");
    private readonly string _thumbprint;

    internal TestCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12));
        _thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        File.WriteAllText(Path, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    internal string Path => System.IO.Path.Combine(_folder.FullName, "gateway.pem");

    internal string KeyPath => System.IO.Path.Combine(_folder.FullName, "gateway.key");

    public void Dispose()
    {
        if (_folder.Exists)
            _folder.Delete(recursive: true);
        _folder.Refresh(); // a test host is disposed twice
    }

    internal bool Is(X509Certificate? certificate) => certificate?.GetCertHashString(HashAlgorithmName.SHA256) == _thumbprint;
}
