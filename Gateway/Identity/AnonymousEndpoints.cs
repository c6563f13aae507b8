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
}
