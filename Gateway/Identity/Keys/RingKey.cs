using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Shabou.Gateway.Identity.Keys;

/// <summary>A key pair of the ring. <see cref="Credentials"/> are null when its private part cannot be opened here: it then only verifies.</summary>
/// <param name="ValidUntil">Open-ended (<see cref="DateTimeOffset.MaxValue"/>) until another key takes over.</param>
internal sealed record RingKey(
    string Kid, ECDsaSecurityKey Public, SigningCredentials? Credentials, DateTimeOffset CreatedAt, DateTimeOffset SignsFrom, DateTimeOffset ValidUntil)
{
    internal static RingKey From(
        string kid, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> privateKey, DateTimeOffset createdAt, DateTimeOffset signsFrom, DateTimeOffset validUntil)
    {
        var publicPart = ECDsa.Create();
        publicPart.ImportSubjectPublicKeyInfo(publicKey, out _);
        SigningCredentials? credentials = null;
        if (!privateKey.IsEmpty)
        {
            var whole = ECDsa.Create();
            whole.ImportPkcs8PrivateKey(privateKey, out _);
            credentials = new SigningCredentials(new ECDsaSecurityKey(whole) { KeyId = kid }, SecurityAlgorithms.EcdsaSha256);
        }
        return new RingKey(kid, new ECDsaSecurityKey(publicPart) { KeyId = kid }, credentials, createdAt, signsFrom, validUntil);
    }

    /// <summary>The key's name: its thumbprint by RFC 7638, so that two keys never share one.</summary>
    internal static string KidOf(ECDsa key)
    {
        var (x, y) = PointOf(key);
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}"""))));
    }

    internal static (string X, string Y) PointOf(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
    }
}
