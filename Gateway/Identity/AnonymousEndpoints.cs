using System.Collections.Frozen;
using Shabou.ServiceDefaults.Health;

namespace Shabou.Gateway.Identity;

/// <summary>The only paths that answer to anybody; a test compares them with what is mapped. They are not rate-limited, since
/// probes must always get an answer, and cost nothing: no database, no service.</summary>
internal static class AnonymousEndpoints
{
    internal const string Landing = "/";
    internal const string KeySet = "/.well-known/jwks.json";

    /// <summary>A pattern and no path, so it is limited as everything else is: it reads a file.</summary>
    internal const string AcmeChallenge = "/.well-known/acme-challenge/{token}";

    internal static FrozenSet<string> Paths { get; } =
        FrozenSet.Create(StringComparer.Ordinal, Landing, KeySet, AcmeChallenge, HealthEndpoints.AlivePath, HealthEndpoints.HealthPath);
}
