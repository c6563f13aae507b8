using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Shabou.Gateway.Tests.Transport;

/// <summary>The first message of a TLS connection, written by hand: the libraries of a test machine may themselves refuse to send what an
/// old client sends, and then a test would say nothing of the gateway.</summary>
internal static class ClientHello
{
    internal const byte Alert = 0x15;
    internal const byte Handshake = 0x16;

    /// <returns>The type of the first record that comes back, and its sixth byte: the message's type or the alert's level; (0, 0) when the
    /// connection is closed without a word.</returns>
    internal static async Task<(byte Record, byte First)> SendAsync(Uri server, ushort version, params TlsCipherSuite[] suites)
    {
        var cancelled = TestContext.Current.CancellationToken;
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Host, server.Port, cancelled);
        var stream = socket.GetStream();
        await stream.WriteAsync(Write(version, suites), cancelled);
        var answer = new byte[6];
        return await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancelled) == answer.Length ? (answer[0], answer[5]) : default;
    }

    /// <param name="versions">For the extension that clients of TLS 1.3 send, at the end. Default: none.</param>
    internal static byte[] Write(ushort version, TlsCipherSuite[] suites, params ushort[] versions)
    {
        byte[] extensions =
        [
            0x00, 0x0a, 0x00, 0x06, 0x00, 0x04, 0x00, 0x1d, 0x00, 0x17, // groups: x25519, secp256r1
            0x00, 0x0b, 0x00, 0x02, 0x01, 0x00, // uncompressed points
            0x00, 0x0d, 0x00, 0x0a, 0x00, 0x08, 0x04, 0x03, 0x08, 0x04, 0x04, 0x01, 0x02, 0x03, // signatures: ECDSA and RSA with SHA-256, ECDSA with SHA-1
            .. versions.Length == 0 ? [] : (byte[])[0x00, 0x2b, .. Number((versions.Length * 2) + 1), (byte)(versions.Length * 2), .. versions.SelectMany(listed => Number(listed))],
        ];
        byte[] hello =
        [
            .. Number(version), .. RandomNumberGenerator.GetBytes(32), 0,
            .. Number(suites.Length * 2), .. suites.SelectMany(suite => Number((int)suite)), 1, 0,
            .. Number(extensions.Length), .. extensions,
        ];
        return [Handshake, 0x03, 0x01, .. Number(hello.Length + 4), 0x01, 0x00, .. Number(hello.Length), .. hello];
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
