namespace Shabou.Testing.OpenApi;

/// <summary>Where endpoints may be: below the versioned root, and at a few addresses that have no version.</summary>
public static class ApiRoot
{
    private static readonly string[] s_roots = ["/api/v1", "/health", "/alive", "/metrics", "/openapi", "/docs", "/problems", "/.well-known"];

    /// <param name="pattern">The route pattern as it was mapped.</param>
    public static bool Allows(string pattern)
    {
        var path = $"/{pattern.TrimStart('/')}";
        return path == "/" || Array.Exists(s_roots, root => path == root || path.StartsWith(root + "/", StringComparison.Ordinal));
    }
}
