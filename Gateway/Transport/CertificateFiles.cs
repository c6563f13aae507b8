using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Shabou.Gateway.Transport;

/// <summary>Where the certificate of every https endpoint is: the section from which Kestrel itself would read it, once.</summary>
/// <remarks>PEM: Path has the certificate and then those of its issuers, KeyPath the key, Password the key's if it has one.
/// PKCS#12: Path and Password. Nothing at all: the development certificate of the machine, which is not watched.</remarks>
internal sealed class CertificateFiles
{
    internal const string Section = "Kestrel:Certificates:Default";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public string? Path { get; set; }

    public string? KeyPath { get; set; }

    public string? Password { get; set; }

    /// <summary>What the files hold now, be it whole or half-written.</summary>
    /// <returns>Null when no file is named.</returns>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file belongs to somebody else.</exception>
    internal CertificateContent? Read(string root) => string.IsNullOrWhiteSpace(Path) ? null
        : new(File.ReadAllBytes(System.IO.Path.Combine(root, Path)),
            string.IsNullOrWhiteSpace(KeyPath) ? null : File.ReadAllBytes(System.IO.Path.Combine(root, KeyPath)));

    /// <summary>The certificate with its key and its chain, ready for handshakes.</summary>
    /// <exception cref="CryptographicException">The content is not whole, the key is not the certificate's, or it is not one for servers.</exception>
    internal ServedCertificate Parse(CertificateContent content)
    {
        var all = new X509Certificate2Collection();
        var leaf = content.Key is null ? ParsePkcs12(content, all) : ParsePem(content, all);
        if (leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().SingleOrDefault() is { } usage
            && !usage.EnhancedKeyUsages.Cast<Oid>().Any(use => use.Value == ServerAuthentication))
            throw new CryptographicException("The certificate is not meant for servers; ask its issuer for one with extended key usage serverAuth.");
        return new ServedCertificate(content, leaf, all);
    }

    private X509Certificate2 ParsePem(CertificateContent content, X509Certificate2Collection all)
    {
        var (pem, key) = content.Text();
        all.ImportFromPem(pem);
        if (all.Count == 0)
            throw new CryptographicException("The file has no certificate in PEM.");
        var leaf = string.IsNullOrEmpty(Password) ? X509Certificate2.CreateFromPem(pem, key) : X509Certificate2.CreateFromEncryptedPem(pem, key, Password);
        if (!OperatingSystem.IsWindows())
            return leaf;
        using (leaf) // Windows serves no key that it has not stored
            return X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), password: null);
    }

    private X509Certificate2 ParsePkcs12(CertificateContent content, X509Certificate2Collection all)
    {
        all.AddRange(X509CertificateLoader.LoadPkcs12Collection(content.Certificate, Password));
        return all.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new CryptographicException($"The file has no private key; is it PEM, and {Section}:KeyPath missing?");
    }
}
