using System.Collections.Frozen;
using Shabou.OpenApi;
using Shabou.ServiceDefaults.Health;

namespace Shabou.Gateway.Identity;

/// <summary>The only paths that answer to anybody; a test compares them with what is mapped.</summary>
internal static class AnonymousEndpoints
{
    internal const string Landing = "/";
    internal const string KeySet = "/.well-known/jwks.json";
    internal const string OpenApi = ServiceOpenApi.Path;
    internal const string DocsRoot = "/docs";
    internal const string Docs = DocsRoot + "/{**path}";

    internal const string Problems = "/problems";
    internal const string Problem = "/problems/{kind}";
    internal const string AcmeChallenge = "/.well-known/acme-challenge/{token}";

    /// <summary>Not rate-limited, since probes must always get an answer, and cost nothing: no database, no service.</summary>
    internal static FrozenSet<string> Paths { get; } =
        FrozenSet.Create(StringComparer.Ordinal, Landing, KeySet, Problems, HealthEndpoints.AlivePath, HealthEndpoints.HealthPath);

    /// <summary>Counted like any other request: against the caller's network when there is no valid key.</summary>
    internal static FrozenSet<string> Limited { get; } = FrozenSet.Create(StringComparer.Ordinal, OpenApi, Docs, Problem, AcmeChallenge,
        "/api/v1/auth/google", "/api/v1/auth/google/callback", "/api/v1/auth/token", "/api/v1/auth/refresh");
}
