using Microsoft.Extensions.Options;

namespace Shabou.Gateway.Identity.Tokens;

/// <summary>Tokens that callers bring to the gateway.</summary>
internal sealed class AccessTokens(TokenWriter writer, IOptions<TokenOptions> options)
{
    /// <summary>Claim <c>aud</c> of tokens for the gateway; those for a service name the service.</summary>
    internal const string Audience = "shabou";

    /// <summary>A token for a person, or for a machine that exchanged its key.</summary>
    /// <param name="subject">Id of the person or key.</param>
    /// <param name="role">ADMIN, USER or NO_ACCESS.</param>
    /// <param name="session">Revoking it ends the token within 5 s on every gateway: a session's id, or that of the key.</param>
    /// <param name="scopes">Of a key; null or empty: all that the role may.</param>
    /// <param name="until">The token ends then at the latest: when the key expires.</param>
    /// <returns>The token, and its life in seconds (15 minutes by default).</returns>
    /// <exception cref="KeysUnavailableException">The key ring was not read yet.</exception>
    internal (string Token, int ExpiresIn) Issue(
        Guid subject, string name, string role, Guid session, IReadOnlyList<string>? scopes = null, DateTimeOffset? until = null)
    {
        var written = writer.Write(subject, name, role, scopes ?? [], session, [Audience], options.Value.AccessFor, until);
        return (written.Token, (int)(written.ExpiresAt - written.WrittenAt).TotalSeconds);
    }
}
