using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Shabou.Testing.OpenApi;

/// <summary>Where endpoints may be: below the versioned root, and at a few addresses that have no version.</summary>
public static class ApiRoot
{
    private static readonly string[] s_roots = ["/api/v1", "/health", "/alive", "/metrics", "/openapi", "/docs", "/problems", "/.well-known"];

    /// <summary>Patterns of a program's endpoints that are elsewhere.</summary>
    /// <exception cref="InvalidOperationException">It has no endpoints: the table was not read, or read too early.</exception>
    public static IReadOnlyList<string> Strays(IServiceProvider program)
    {
        var patterns = program.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText ?? "").ToList();
        return patterns.Count > 0 ? [.. patterns.Where(pattern => !Allows(pattern))] : throw new InvalidOperationException("The program has no endpoints.");
    }

    /// <param name="pattern">The route pattern as it was mapped.</param>
    public static bool Allows(string pattern)
    {
        var path = $"/{pattern.TrimStart('/')}";
        return path == "/" || Array.Exists(s_roots, root => path == root || path.StartsWith(root + "/", StringComparison.Ordinal));
    }
}
