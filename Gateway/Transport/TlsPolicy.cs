using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;

namespace Shabou.Gateway.Transport;

/// <summary>What a TLS connection must be: version 1.3, or 1.2 with forward secrecy and a cipher that authenticates what it encrypts.
/// No RC4, no CBC, no key exchange by RSA.</summary>
internal static class TlsPolicy
{
    internal const SslProtocols Versions = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>In the order in which they are preferred.</summary>
    internal static IReadOnlyList<TlsCipherSuite> Suites { get; } =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ];

    // Windows has one order of suites for the whole machine (Group Policy, "SSL Cipher Suite Order") and refuses a program's own.
    private static readonly CipherSuitesPolicy? Policy = OperatingSystem.IsWindows() ? null : Make();

    internal static void Apply(SslServerAuthenticationOptions connection)
    {
        connection.EnabledSslProtocols = Versions;
        connection.AllowRenegotiation = false;
        connection.CipherSuitesPolicy = Policy;
    }

    [UnsupportedOSPlatform("windows")]
    private static CipherSuitesPolicy Make() => new(Suites);
}
