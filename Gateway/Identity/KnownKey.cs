using Shabou.Schema.Identity;

namespace Shabou.Gateway.Identity;

/// <summary>What the database knows about a key.</summary>
internal sealed record KnownKey(Guid Id, string Name, ApiKeyRole Role, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>Nobody can say whose key it is: not the client's fault, so 503 and not 401.</summary>
internal sealed class ApiKeysUnavailableException(Exception? inner = null) : Exception("The database that holds the API keys does not answer.", inner);
