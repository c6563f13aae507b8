using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Shabou.Gateway.People.Sessions;

/// <summary>RFC 7636, S256 only.</summary>
internal static class Pkce
{
    /// <summary>Whether the verifier is what the challenge was made of. A code without a challenge was shown to its person and needs none.</summary>
    internal static bool Fits(string? challenge, string? verifier) => challenge is null
        ? verifier is null
        : verifier is { Length: >= 43 and <= 128 }
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(verifier)))), Encoding.ASCII.GetBytes(challenge));
}
