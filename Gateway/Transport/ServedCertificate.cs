using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Shabou.Gateway.Transport;

/// <summary>The bytes of a certificate's files; equal when the bytes are, wherever a symbolic link led to.</summary>
internal sealed record CertificateContent(byte[] Certificate, byte[]? Key)
{
    public bool Equals(CertificateContent? other) =>
        other is not null && Certificate.AsSpan().SequenceEqual(other.Certificate) && Key.AsSpan().SequenceEqual(other.Key);

    public override int GetHashCode() => Certificate.Length;

    internal (string Certificate, string Key) Text() => (Encoding.UTF8.GetString(Certificate), Encoding.UTF8.GetString(Key ?? []));
}

/// <summary>A certificate as it is presented: with its key, and with its issuers up to the root.</summary>
/// <remarks>Never disposed: handshakes that began with it may still be under way. It is a few kilobytes a renewal, and the collector's.</remarks>
internal sealed class ServedCertificate(CertificateContent content, X509Certificate2 leaf, X509Certificate2Collection issuers)
{
    internal CertificateContent Content { get; } = content;

    internal DateTimeOffset NotBefore { get; } = leaf.NotBefore;

    internal DateTimeOffset NotAfter { get; } = leaf.NotAfter;

    /// <summary>Made offline: the chain is what the file says, and no handshake waits for somebody else's server.</summary>
    internal SslStreamCertificateContext Context { get; } = SslStreamCertificateContext.Create(leaf, issuers, offline: true);
}
