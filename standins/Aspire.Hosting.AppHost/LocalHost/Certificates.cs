using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Aspire.Hosting.LocalHost;

/// <summary>
/// The development certificate: a leaf for localhost, signed by an authority of our own whose key is thrown away at once, so that nobody can
/// sign another one that a machine trusting it would accept. Both are made anew together 30 days before the leaf ends.
/// </summary>
internal sealed class Certificates(LocalFolders folders)
{
    private readonly Lazy<X509Certificate2> _authority = new(() => X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folders.Certificates, "authority", "ca.pem")));

    /// <summary>A folder with nothing but the authority's certificate.</summary>
    public string AuthorityFolder { get; } = Path.Combine(folders.Certificates, "authority");

    public string AuthorityFile => Path.Combine(AuthorityFolder, "ca.pem");

    public string LeafFile { get; } = Path.Combine(folders.Certificates, "localhost.pem");

    public string KeyFile { get; } = Path.Combine(folders.Certificates, "localhost.key");

    public X509Certificate2 Authority => _authority.Value;

    public void Ensure()
    {
        if (IsUsable())
            return;

        var now = DateTimeOffset.UtcNow.AddMinutes(-5);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Shabou development authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, false));
        using var authority = authorityRequest.CreateSelfSigned(now, now.AddDays(366));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName("*.dev.localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        using var leaf = request.Create(authority, now, now.AddDays(365), RandomNumberGenerator.GetBytes(16));

        LocalFolders.Create(AuthorityFolder);
        OwnFile.Write(KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(LeafFile, leaf.ExportCertificatePem() + "\n");
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem() + "\n");
    }

    private bool IsUsable()
    {
        if (!File.Exists(AuthorityFile) || !File.Exists(LeafFile) || !File.Exists(KeyFile))
            return false;
        try
        {
            using var leaf = X509Certificate2.CreateFromPemFile(LeafFile, KeyFile);
            using var authority = X509CertificateLoader.LoadCertificateFromFile(AuthorityFile);
            return leaf.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData) && leaf.NotAfter.ToUniversalTime() > DateTime.UtcNow.AddDays(30);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
