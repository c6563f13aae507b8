using System.Buffers;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;

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

    private static readonly object OffersTls13 = new();

    /// <summary>Before the handshake: notes which version it will end in.</summary>
    internal static void Read(ConnectionContext connection, ReadOnlySequence<byte> clientHello)
    {
        if (TlsClientHello.OffersTls13(clientHello))
            connection.Items[OffersTls13] = true;
    }

    /// <remarks>All suites of TLS 1.3 are in the list, so a client that offers it needs no list. That matters, because .NET keeps what OpenSSL
    /// prepares, and so resumes sessions, only for connections without one: a handshake takes a third less then.</remarks>
    internal static void Apply(ConnectionContext connection, SslServerAuthenticationOptions handshake)
    {
        var newest = connection.Items.ContainsKey(OffersTls13);
        handshake.EnabledSslProtocols = newest ? SslProtocols.Tls13 : Versions;
        handshake.CipherSuitesPolicy = newest ? null : Policy;
        handshake.AllowRenegotiation = false;
    }

    [UnsupportedOSPlatform("windows")]
    private static CipherSuitesPolicy Make() => new(Suites);
}
