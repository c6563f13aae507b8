using System.Globalization;
using Shabou.Backups.Archive;
using Shabou.Backups.Making;
using Shabou.Backups.Places;

namespace Shabou.Backups.Restoring;

/// <summary>What will be restored, decided before anything is touched.</summary>
/// <param name="Backup">A base backup.</param>
/// <param name="Segments">The WAL to recover with after it.</param>
/// <param name="Histories">Of timelines: so that the restored server begins one that nobody had.</param>
/// <param name="Until">A moment to stop at; null: the end of the WAL.</param>
internal sealed record RestorePlan(StoredBackup Backup, IReadOnlyList<WalSegment> Segments, IReadOnlyList<string> Histories, DateTimeOffset? Until)
{
    /// <summary>From a base backup to the end of the archived WAL, or to a moment.</summary>
    /// <param name="shelf">The server's backups.</param>
    /// <param name="until">Null: lose as little as possible.</param>
    /// <param name="withoutWal">The backup alone.</param>
    /// <param name="name">A backup's, verified or not; null: the newest verified one that fits.</param>
    /// <exception cref="BackupException">No backup fits, or the WAL after it is not whole.</exception>
    public static RestorePlan Make(BackupShelf shelf, DateTimeOffset? until, bool withoutWal, string? name = null)
    {
        var backup = name is null ? Newest(shelf, until) : shelf.Require(MakeBase.Kind, name);
        if (until < backup.Manifest.FinishedAt)
            throw new BackupException($"The base backup {name} is of {Text(backup.Manifest.FinishedAt)}, after {Text(until.Value)}: name an earlier one, or a later moment; './restore list' has them.");
        var archive = new WalArchive(shelf.Wal);
        var segments = withoutWal ? [] : archive.ChainFrom(backup.Manifest);
        if (until is not null && segments.Count == 0)
            throw new BackupException($"No WAL is archived in {shelf.Wal} after the base backup of {Text(backup.Manifest.FinishedAt)}: only the backup itself can be restored, with './restore last --without-wal'.");
        return new(backup, segments, archive.Histories, until);
    }

    private static StoredBackup Newest(BackupShelf shelf, DateTimeOffset? until)
    {
        var verified = shelf.List(MakeBase.Kind).Where(backup => backup.VerifiedAt is not null).ToList();
        if (verified.Count == 0) throw new BackupException($"There is no verified base backup in {shelf.Folder}: make one, or restore a dump with './restore dump <file> --into-database <connection string>'.");
        return verified.FirstOrDefault(candidate => until is null || candidate.Manifest.FinishedAt <= until)
            ?? throw new BackupException($"The oldest verified base backup is of {Text(verified[^1].Manifest.FinishedAt)}, after {Text(until!.Value)}: name a later moment.");
    }

    /// <summary>The same plan, which goes on with the WAL that the lost server has not got rid of.</summary>
    /// <param name="serverData">The server's folder, stopped; it need not exist.</param>
    public RestorePlan WithWalOf(string serverData) => Until is not null ? this : this with { Segments = WalArchive.ContinueWith(Segments, Path.Combine(serverData, "pg_wal"), Backup.Manifest.SystemIdentifier) };

    /// <summary>Whether the last segment is one that the server was writing.</summary>
    public bool EndsInServerWal => Segments is [.., var last] && Path.GetFileName(Path.GetDirectoryName(last.Path)) == "pg_wal";

    /// <summary>What is kept and what is lost, a sentence a line.</summary>
    public IEnumerable<string> Describe(DateTimeOffset now)
    {
        var manifest = Backup.Manifest;
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Base backup {Backup.Name}{(Backup.VerifiedAt is null ? ", not verified," : "")} of {Text(manifest.FinishedAt)} ({Age(now - manifest.FinishedAt)} old), {Space.Words(manifest.Bytes)}, schema {manifest.SchemaVersion}, {manifest.Rows.Values.Sum():N0} rows.");
        if (Segments.Count == 0)
        {
            yield return $"No WAL after it: everything that was written after {Text(manifest.FinishedAt)} will be lost.";
            yield break;
        }
        var end = new DateTimeOffset(File.GetLastWriteTimeUtc(Segments[^1].Path), TimeSpan.Zero);
        yield return string.Create(CultureInfo.InvariantCulture, $"{Segments.Count} WAL segments after it, up to {Text(end)} ({Age(now - end)} ago).");
        yield return Until is { } until
            ? $"Everything that was committed after {Text(until)} will be lost."
            : EndsInServerWal ? "Nothing that was committed will be lost: the WAL of the server itself could be read to its end."
            : $"Only what was committed after {Text(end)} will be lost: what the archive had not received.";
    }

    internal static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} d {age.Hours} h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours} h {age.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(age.TotalSeconds, 0):0} s"),
    };
}
