using System.Buffers;
using System.Net.Security;
using Shabou.Gateway.Transport;

namespace Shabou.Gateway.Tests.Transport;

/// <summary>Everybody may send this message, before anything is known of them.</summary>
public sealed class TlsClientHelloTests
{
    private const ushort Tls12 = 0x0303;

    private static readonly byte[] Modern = ClientHello.Write(Tls12, [TlsCipherSuite.TLS_AES_128_GCM_SHA256], versions: [0x7a7a, 0x0304, Tls12]);

    [Fact]
    public void A_client_of_TLS_1_3_is_known_by_the_versions_it_lists()
    {
        Assert.True(OffersTls13(Modern));
        Assert.False(OffersTls13(ClientHello.Write(Tls12, [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256])));
        Assert.False(OffersTls13(ClientHello.Write(Tls12, [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256], versions: [Tls12, 0x0302])));
    }

    [Fact]
    public void A_message_that_ends_early_or_lies_about_its_lengths_is_read_without_an_error()
    {
        for (var length = 0; length < Modern.Length - 4; length++) // the last four bytes are 1.3 and 1.2
            Assert.False(OffersTls13(Modern[..length]));
        for (var position = 0; position < Modern.Length; position++)
            foreach (var value in (byte[])[0x00, 0x01, 0x7f, 0x80, 0xff])
            {
                var broken = (byte[])Modern.Clone();
                broken[position] = value;
                OffersTls13(broken);
            }
    }

    private static bool OffersTls13(byte[] hello) => TlsClientHello.OffersTls13(new ReadOnlySequence<byte>(hello));
}
