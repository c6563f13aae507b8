using System.Net.Security;
using System.Security.Authentication;
using Shabou.Gateway.Tests.Servers;
using Shabou.Gateway.Transport;

namespace Shabou.Gateway.Tests.Transport;

public sealed class TlsTests(GatewayFixture fixture) : IDisposable
{
    private const ushort Tls10 = 0x0301;
    private const ushort Tls11 = 0x0302;
    private const ushort Tls12 = 0x0303;
    private const byte ServerHello = 2;
    private const byte Fatal = 2;

    private readonly GatewayHost _gateway = fixture.Gateway();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Current_versions_of_TLS_are_spoken_with_a_suite_of_the_list(SslProtocols protocol)
    {
        await using var tls = await _gateway.ConnectAsync(protocol);
        Assert.Equal(protocol, tls.SslProtocol);
        Assert.Contains(tls.NegotiatedCipherSuite, TlsPolicy.Suites);
    }

    [Theory]
    [InlineData(0x0300)]
    [InlineData(Tls10)]
    [InlineData(Tls11)]
    public async Task Older_versions_are_refused(ushort version)
    {
        var answer = await ClientHello.SendAsync(_gateway.Https, version,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA);
        Assert.Equal((ClientHello.Alert, Fatal), answer);
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_NULL_SHA)]
    public async Task A_client_that_knows_only_a_weak_suite_is_refused(TlsCipherSuite suite) =>
        Assert.Equal((ClientHello.Alert, Fatal), await ClientHello.SendAsync(_gateway.Https, Tls12, suite));

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)]
    public async Task A_client_that_knows_one_good_suite_beside_weak_ones_is_served(TlsCipherSuite suite) =>
        Assert.Equal((ClientHello.Handshake, ServerHello), await ClientHello.SendAsync(_gateway.Https, Tls12,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384, suite));

    [Fact]
    public async Task The_whole_chain_is_presented_to_a_client_that_knows_only_the_root()
    {
        Assert.Equal(_gateway.Certificate.Thumbprint, await _gateway.PresentedAsync()); // verified against the root alone, without downloads
    }
}
