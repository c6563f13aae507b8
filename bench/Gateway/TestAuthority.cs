using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Shabou.Bench.Gateway;

/// <summary>One P-256 certificate for localhost, for every contestant the same.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-bench-tls-");

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(60));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Both, File.ReadAllText(Certificate) + "\n" + File.ReadAllText(Key) + "\n");
    }

    public string Folder => _folder.FullName;
    public string Certificate => Path.Combine(Folder, "localhost.pem");
    public string Key => Path.Combine(Folder, "localhost.key");

    /// <summary>Certificate and key in one file, as haproxy wants them.</summary>
    public string Both => Path.Combine(Folder, "both.pem");

    public void Dispose() => _folder.Delete(recursive: true);
}
