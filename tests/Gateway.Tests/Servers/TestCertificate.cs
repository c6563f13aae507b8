using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>A certificate for localhost as PEM files, as a deployed gateway has them: issued by an intermediate authority, whose certificate
/// is in the file, which is issued by a root that only clients know.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-gateway-");
    private readonly ECDsa _issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _issuer;

    internal TestCertificate()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Authority = AuthorityRequest("CN=Shabou test root", rootKey).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(400));
        using var issuer = AuthorityRequest("CN=Shabou test issuer", _issuerKey).Create(Authority, Authority.NotBefore, Authority.NotAfter, NewSerial());
        _issuer = issuer.CopyWithPrivateKey(_issuerKey);
        File.WriteAllText(AuthorityPath, Authority.ExportCertificatePem() + "\n");
        Renew();
    }

    internal string Path => System.IO.Path.Combine(_folder.FullName, "gateway.pem");

    internal string KeyPath => System.IO.Path.Combine(_folder.FullName, "gateway.key");

    internal string AuthorityPath => System.IO.Path.Combine(_folder.FullName, "root.pem");

    internal X509Certificate2 Authority { get; }

    /// <summary>SHA-256 of the certificate that was written last.</summary>
    internal string Thumbprint { get; private set; } = "";

    public void Dispose()
    {
        if (_folder.Exists)
            _folder.Delete(recursive: true);
        _folder.Refresh(); // a test host is disposed twice
        Authority.Dispose();
        _issuer.Dispose();
        _issuerKey.Dispose();
    }

    internal bool Is(X509Certificate? certificate) => certificate?.GetCertHashString(HashAlgorithmName.SHA256) == Thumbprint;

    /// <summary>Writes the next certificate and its key into the files as they are.</summary>
    internal string Renew(PemPair? pair = null)
    {
        pair ??= Issue();
        File.WriteAllText(Path, pair.Certificate);
        File.WriteAllText(KeyPath, pair.Key);
        return Thumbprint = pair.Thumbprint;
    }

    /// <param name="from">From when it is valid. Default: an hour ago.</param>
    /// <param name="validFor">From <paramref name="from"/>. Default: 13 hours.</param>
    internal PemPair Issue(DateTimeOffset? from = null, TimeSpan? validFor = null, string usage = "1.3.6.1.5.5.7.3.1")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(usage)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_issuer, true, false));
        var start = from ?? DateTimeOffset.UtcNow.AddHours(-1);
        using var certificate = request.Create(_issuer, start, start + (validFor ?? TimeSpan.FromHours(13)), NewSerial());
        return new PemPair($"{certificate.ExportCertificatePem()}\n{_issuer.ExportCertificatePem()}\n", key.ExportPkcs8PrivateKeyPem() + "\n",
            certificate.GetCertHashString(HashAlgorithmName.SHA256));
    }

    private static CertificateRequest AuthorityRequest(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 1); // positive, and without a leading zero
        return serial;
    }
}

/// <summary>The contents of the two files, and by what a client knows the certificate.</summary>
internal sealed record PemPair(string Certificate, string Key, string Thumbprint);
