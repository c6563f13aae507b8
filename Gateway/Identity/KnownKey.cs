using Shabou.Schema.Identity;
using Shabou.ServiceDefaults.Auth;

namespace Shabou.Gateway.Identity;

/// <summary>What the database knows about a key.</summary>
internal sealed record KnownKey(Guid Id, string Name, ApiKeyRole Role, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt)
{
    internal CallerIdentity Caller { get; } =
        new(ApiKeys.Scheme, Id, Name, Role == ApiKeyRole.Admin ? ClientRoles.Admin : ClientRoles.User, session: null, Scopes, ExpiresAt);
}

/// <summary>Nobody can say whose key it is: not the client's fault, so 503 and not 401.</summary>
internal sealed class ApiKeysUnavailableException(Exception? inner = null) : Exception("The database that holds the API keys does not answer.", inner);
