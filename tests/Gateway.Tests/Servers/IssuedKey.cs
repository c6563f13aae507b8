using System.Buffers.Text;
using System.Security.Cryptography;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>A key as its owner got it.</summary>
internal sealed record IssuedKey(Guid Id, string Secret)
{
    /// <summary>256 random bits in base64url, as keys are.</summary>
    internal static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
