using System.Globalization;

namespace Shabou.LocalPostgres.Programs;

/// <summary>The folders in which PostgreSQL's programs may be.</summary>
internal static class ProgramFolders
{
    private static readonly string[] s_usual =
    [
        "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin", "/opt/homebrew/bin", "/usr/local/bin", "/usr/bin",
    ];

    /// <summary>PATH first, then where distributions put them, a higher version before a lower.</summary>
    public static IEnumerable<string> All() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(s_usual.SelectMany(Expand)).Distinct();

    private static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0) return [pattern];
        var parent = Path.GetDirectoryName(pattern[..star])!;
        var end = pattern.IndexOf('/', star);
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, pattern[(parent.Length + 1)..end])
                .OrderDescending(StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering)).Select(folder => folder + pattern[end..])
            : [];
    }
}
