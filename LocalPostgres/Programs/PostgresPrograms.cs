using System.Globalization;
using System.Text.RegularExpressions;

namespace Shabou.LocalPostgres.Programs;

/// <summary>PostgreSQL's programs on this machine: initdb, postgres, pg_basebackup, pg_receivewal, pg_dump and the others, all of one version.</summary>
/// <param name="configured">The folder they are in; null or empty looks for them.</param>
public sealed partial class PostgresPrograms(string? configured)
{
    /// <summary>The oldest version whose programs are used: before it pg_basebackup could not say what it compressed.</summary>
    public const int OldestVersion = 15;

    private const string Install = "install PostgreSQL 15 or newer, for example with 'sudo apt-get install -y postgresql' (Debian, Ubuntu) or 'brew install postgresql@17' (macOS), or set Postgres:Programs to the folder of its programs.";
    private readonly Lazy<(string Folder, int Version)?> _found = new(() => Find(configured));

    /// <summary>The folder of the programs, or null when there are none.</summary>
    public string? Folder => _found.Value?.Folder;

    /// <summary>Their major version, such as 15.</summary>
    /// <exception cref="LocalPostgresException">There are none.</exception>
    public int Version => (_found.Value ?? throw Missing("pg_dump")).Version;

    /// <summary>Null when all of these programs are there and not older than the server, else one sentence.</summary>
    /// <param name="serverVersion">Major version of the server they are to work with; 0: any.</param>
    /// <param name="programs">Names, such as <c>pg_dump</c>.</param>
    public string? Objection(int serverVersion, params string[] programs)
    {
        try
        {
            foreach (var program in programs) Require(program);
            RequireVersion(serverVersion);
            return null;
        }
        catch (LocalPostgresException refused)
        {
            return refused.Message;
        }
    }

    /// <summary>Path of a program.</summary>
    /// <exception cref="LocalPostgresException">It is missing; the message has the command that installs it.</exception>
    public string Require(string program)
    {
        var path = Path.Combine(Folder ?? throw Missing(program), program);
        return File.Exists(path) ? path : throw Missing(program);
    }

    /// <exception cref="LocalPostgresException">The programs are older than the server.</exception>
    public void RequireVersion(int serverVersion)
    {
        if (Version < serverVersion)
        {
            throw new LocalPostgresException(string.Create(CultureInfo.InvariantCulture,
                $"PostgreSQL's programs in {Folder} are of version {Version}, older than the server's {serverVersion}: install those of version {serverVersion} (for example 'sudo apt-get install -y postgresql-{serverVersion}'), or set Postgres:Programs to their folder."));
        }
    }

    private LocalPostgresException Missing(string program) => new(string.IsNullOrEmpty(configured)
        ? $"PostgreSQL's program '{program}' was not found: {Install}"
        : $"PostgreSQL's program '{program}' was not found in {configured} (Postgres:Programs): correct the setting, or {Install}");

    /// <summary>The newest version wins; of equal ones a folder that can also run servers.</summary>
    private static (string Folder, int Version)? Find(string? configured)
    {
        var folders = string.IsNullOrEmpty(configured) ? ProgramFolders.All() : [configured];
        return folders.Where(folder => File.Exists(Path.Combine(folder, "pg_dump")))
            .Select(folder => (Folder: folder, Version: VersionIn(folder), Whole: File.Exists(Path.Combine(folder, "postgres"))))
            .Where(found => found.Version >= OldestVersion)
            .OrderByDescending(found => found.Whole).ThenByDescending(found => found.Version)
            .Select(found => ((string, int)?)(found.Folder, found.Version)).FirstOrDefault();
    }

    private static int VersionIn(string folder)
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(Path.Combine(folder, "pg_dump"), ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return Number().Match(said) is { Success: true } number ? int.Parse(number.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return 0; // not a program
        }
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")] private static partial Regex Number();
}
