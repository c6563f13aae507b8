using System.Collections.Concurrent;
using System.Security.Claims;
using Shabou.Gateway.Identity.Tokens;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.Identity;

/// <summary>A caller as its credential says, kept with the credential: what is worked out for it once serves every request of it.</summary>
internal sealed class CallerIdentity : ClaimsIdentity
{
    internal const string ScopeClaim = "scope";

    /// <param name="scheme">Name of the scheme that knew the caller.</param>
    /// <param name="id">Of the person or key.</param>
    /// <param name="session">What a revocation names besides <paramref name="id"/>; null for none.</param>
    /// <param name="scopes">Which parts of the API are open; empty: all that the role may.</param>
    /// <param name="until">When the credential ends; null: never.</param>
    internal CallerIdentity(string scheme, Guid id, string name, string role, Guid? session, IReadOnlyList<string> scopes, DateTimeOffset? until)
        : base([new(ClientClaims.Subject, id.ToString()), new(ClientClaims.Name, name), new(ClientClaims.Role, role)], scheme, ClientClaims.Name, ClientClaims.Role)
    {
        (Id, Role, Session, Scopes, Until) = (id, role, session, scopes, until);
        if (scopes.Count > 0)
            AddClaim(new Claim(ScopeClaim, string.Join(' ', scopes)));
        Principal = new ClaimsPrincipal(this);
    }

    internal Guid Id { get; }

    internal string Role { get; }

    internal Guid? Session { get; }

    internal IReadOnlyList<string> Scopes { get; }

    internal DateTimeOffset? Until { get; }

    internal ClaimsPrincipal Principal { get; }

    /// <summary>By service: what it was last told. As many as there are services.</summary>
    internal ConcurrentDictionary<string, ServiceToken> Told { get; } = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">The caller was let in by a scheme that does not make these.</exception>
    internal static CallerIdentity Of(ClaimsPrincipal user) =>
        user.Identity as CallerIdentity ?? throw new InvalidOperationException("The caller of this request is not known by one of the gateway's own schemes.");
}
