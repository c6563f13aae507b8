using System.Globalization;

namespace Shabou.BackupService.Restoring;

/// <summary>What the command line of <c>restore</c> asks for.</summary>
/// <param name="Until">A moment; null: as late as possible.</param>
/// <param name="Into">Another data folder than the server's.</param>
/// <param name="Dump">A dump's file.</param>
/// <param name="Database">Where a dump goes; null: no dump is restored.</param>
/// <param name="Backup">A backup's name; null: the newest that fits.</param>
/// <param name="System">One of several servers in the folder of backups.</param>
/// <param name="List">Only to see what there is.</param>
internal sealed record RestoreWish(
    DateTimeOffset? Until = null, bool WithoutWal = false, string? Into = null, string? Dump = null, string? Database = null, string? Backup = null, string? System = null, bool Yes = false, bool List = false)
{
    public const string Usage = """
        ./restore list                                the backups there are: name, kind, end, size, whether verified
        ./restore last [--yes]                        the last verified base backup and all archived WAL
        ./restore at 2026-11-22T03:04:05Z [--yes]     the same up to this moment
        ./restore dump <file> --into-database <connection string> [--yes]
        ./restore dump --backup <name> --into-database <connection string> [--yes]

          --backup <name>    another backup than the newest one that fits, such as 20261122T020000Z: 'list' has the names
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
        var withoutWal = flags.Contains("--without-wal");
        var common = new RestoreWish(
            WithoutWal: withoutWal, Into: options.GetValueOrDefault("--into") is { } folder ? Path.GetFullPath(folder) : null,
            Backup: options.GetValueOrDefault("--backup"), System: options.GetValueOrDefault("--server"), Yes: flags.Contains("--yes"));
        return words switch
        {
            ["list"] => common with { List = true },
            ["last"] => common,
            ["at", _] when withoutWal => throw new FormatException("A moment cannot be reached without WAL: leave out --without-wal."),
            ["at", var moment] => common with { Until = Moment(moment) },
            ["dump", _] when common.Backup is not null => throw new FormatException("Name the dump by its file or by --backup <name>, not by both."),
            ["dump"] when common.Backup is null => throw new FormatException("Name the dump by its file or by --backup <name>."),
            ["dump", .. var file] when file.Length <= 1 => common with { Dump = file is [var path] ? Path.GetFullPath(path) : null, Database = options.GetValueOrDefault("--into-database") ?? throw new FormatException("Name the database with --into-database <connection string>.") },
            _ => throw new FormatException("Say what to restore: last, at <moment>, or dump <file>; or look with list."),
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
            else if (args[i] is "--into" or "--into-database" or "--server" or "--backup") options[args[i]] = i + 1 < args.Length ? args[++i] : throw new FormatException($"The option {args[i]} needs a value.");
            else throw new FormatException($"The option '{args[i]}' is unknown.");
        }
        return ([.. words], options, flags);
    }
}
