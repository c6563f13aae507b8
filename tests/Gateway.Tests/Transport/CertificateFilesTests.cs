using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shabou.Gateway.Tests.Servers;
using Shabou.Gateway.Transport;

namespace Shabou.Gateway.Tests.Transport;

/// <summary>The other forms in which a certificate may come.</summary>
public sealed class CertificateFilesTests : IDisposable
{
    private const string Password = "of the file";

    private readonly TestCertificate _certificate = new();
    private readonly PemPair _pair;

    public CertificateFilesTests() => _pair = _certificate.Issue();

    private string Path => System.IO.Path.ChangeExtension(_certificate.Path, "other");

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public void A_file_in_PKCS_12_has_the_key_and_the_chain()
    {
        using var leaf = X509Certificate2.CreateFromPem(_pair.Certificate, _pair.Key);
        var all = new X509Certificate2Collection();
        all.ImportFromPem(_pair.Certificate);
        all[0] = leaf; // with its key
        File.WriteAllBytes(Path, all.Export(X509ContentType.Pkcs12, Password)!);
        AssertWhole(new CertificateFiles { Path = Path, Password = Password });
    }

    [Fact]
    public void A_key_in_PEM_may_have_a_password()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(_pair.Key);
        _certificate.Renew(_pair with { Key = key.ExportEncryptedPkcs8PrivateKeyPem(Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1_000)) });
        AssertWhole(new CertificateFiles { Path = _certificate.Path, KeyPath = _certificate.KeyPath, Password = Password });
    }

    [Fact]
    public void A_file_in_PEM_without_the_path_of_its_key_cannot_be_used()
    {
        var error = Assert.ThrowsAny<CryptographicException>(() => ServerCertificate.Load(new CertificateFiles { Path = _certificate.Path }, ""));
        Assert.True(ServerCertificate.IsUnusable(error));
    }

    private void AssertWhole(CertificateFiles files)
    {
        var served = ServerCertificate.Load(files, "")!;
        Assert.Equal(_pair.Thumbprint, served.Context.TargetCertificate.GetCertHashString(HashAlgorithmName.SHA256));
        Assert.True(served.Context.TargetCertificate.HasPrivateKey);
        Assert.Equal("CN=Shabou test issuer", Assert.Single(served.Context.IntermediateCertificates).Subject);
    }
}
