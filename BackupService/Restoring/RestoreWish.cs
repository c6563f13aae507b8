using System.Globalization;

namespace Shabou.BackupService.Restoring;

/// <summary>What the command line of <c>restore</c> asks for.</summary>
/// <param name="Until">A moment; null: as late as possible.</param>
/// <param name="Into">Another data folder than the server's.</param>
/// <param name="Dump">A dump's file.</param>
/// <param name="Database">Where a dump goes.</param>
/// <param name="System">One of several servers in the folder of backups.</param>
internal sealed record RestoreWish(DateTimeOffset? Until, bool WithoutWal, string? Into, string? Dump, string? Database, string? System, bool Yes)
{
    public const string Usage = """
        ./restore last [--yes]                        the last verified base backup and all archived WAL
        ./restore at 2026-11-22T03:04:05Z [--yes]     the same up to this moment
        ./restore dump <file> --into-database <connection string> [--yes]

          --into <folder>    another data folder than the one the backup is of
          --without-wal      the backup alone
          --server <number>  when the folder of backups has those of several servers
          --yes              do not ask

        Backups__Folder names the folder of backups (default .shabou/backups).
        """;

    /// <exception cref="FormatException">One sentence.</exception>
    public static RestoreWish Read(string[] args)
    {
        var (words, options, flags) = Split(args);
        var (yes, withoutWal) = (flags.Contains("--yes"), flags.Contains("--without-wal"));
        var into = options.GetValueOrDefault("--into") is { } folder ? Path.GetFullPath(folder) : null;
        var system = options.GetValueOrDefault("--server");
        return words switch
        {
            ["last"] => new(null, withoutWal, into, null, null, system, yes),
            ["at", _] when withoutWal => throw new FormatException("A moment cannot be reached without WAL: leave out --without-wal."),
            ["at", var moment] => new(Moment(moment), false, into, null, null, system, yes),
            ["dump", var file] => new(null, false, null, Path.GetFullPath(file), options.GetValueOrDefault("--into-database") ?? throw new FormatException("Name the database with --into-database <connection string>."), null, yes),
            _ => throw new FormatException("Say what to restore: last, at <moment>, or dump <file>."),
        };
    }

    private static DateTimeOffset Moment(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : throw new FormatException($"'{text}' is not a moment: write it as 2026-11-22T03:04:05Z.");

    private static (string[] Words, Dictionary<string, string> Options, HashSet<string> Flags) Split(string[] args)
    {
        var (words, options, flags) = (new List<string>(), new Dictionary<string, string>(), new HashSet<string>());
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal)) words.Add(args[i]);
            else if (args[i] is "--yes" or "--without-wal") flags.Add(args[i]);
            else if (args[i] is "--into" or "--into-database" or "--server") options[args[i]] = i + 1 < args.Length ? args[++i] : throw new FormatException($"The option {args[i]} needs a value.");
            else throw new FormatException($"The option '{args[i]}' is unknown.");
        }
        return ([.. words], options, flags);
    }
}
