namespace Aspire.Hosting.LocalHost;

/// <summary>Finds programs: PATH first, then the folders where distributions put them, the highest version first.</summary>
internal static class Executables
{
    private static readonly string[] s_usual =
    [
        "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/usr/local/bin", "/usr/local/sbin", "/usr/bin", "/usr/sbin", "/bin",
        "/opt/homebrew/bin", "/opt/homebrew/opt/postgresql@*/bin", "/opt/homebrew/opt/redis/bin",
        "/usr/local/opt/postgresql@*/bin", "/usr/local/opt/redis/bin", "/Applications/Postgres.app/Contents/Versions/*/bin", "/snap/bin",
    ];

    /// <summary>A folder list that replaces the usual one; for tests of a machine that lacks a program.</summary>
    public static string? Find(string program, string? folders = null)
    {
        var candidates = (folders ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(folders is null ? s_usual.SelectMany(Expand) : []);
        return candidates.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }

    /// <exception cref="LocalHostException">It is nowhere; the message has the command that installs it.</exception>
    public static string Require(string program, string debianPackage, string homebrewFormula, string? folders = null) => Find(program, folders)
        ?? throw new LocalHostException(
            $"The program '{program}' was not found in PATH or the usual folders: install it with 'sudo apt-get install -y {debianPackage}' (Debian, Ubuntu) or 'brew install {homebrewFormula}' (macOS).");

    private static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return [pattern];

        var parent = Path.GetDirectoryName(pattern[..star])!;
        var rest = pattern[(pattern.IndexOf('/', star) + 1)..];
        var name = pattern[(parent.Length + 1)..pattern.IndexOf('/', star)];
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, name).OrderDescending(StringComparer.Create(System.Globalization.CultureInfo.InvariantCulture, System.Globalization.CompareOptions.NumericOrdering))
                .Select(folder => Path.Combine(folder, rest))
            : [];
    }
}
