using System.Collections.Frozen;
using Shabou.ServiceDefaults.Health;

namespace Shabou.Gateway.Identity;

/// <summary>The only paths that answer to anybody; a test compares them with what is mapped. They are not rate-limited, since
/// probes must always get an answer, and cost nothing: no database, no service.</summary>
internal static class AnonymousEndpoints
{
    internal const string Landing = "/";
    internal const string KeySet = "/.well-known/jwks.json";

    internal static FrozenSet<string> Paths { get; } =
        FrozenSet.Create(StringComparer.Ordinal, Landing, KeySet, HealthEndpoints.AlivePath, HealthEndpoints.HealthPath);

    /// <summary>Open as well, since nobody is known yet who signs in; but these cost something, so they are limited per network.</summary>
    internal static FrozenSet<string> Limited { get; } =
        FrozenSet.Create(StringComparer.Ordinal, "/api/v1/auth/google", "/api/v1/auth/google/callback", "/api/v1/auth/token", "/api/v1/auth/refresh");
}
