using Shabou.Backups.Making;

namespace Shabou.Backups.Places;

/// <summary>All backups of one server in the folder of backups.</summary>
/// <param name="root">The configured folder.</param>
/// <param name="systemIdentifier">Of the server.</param>
internal sealed class BackupShelf(string root, string systemIdentifier)
{
    public string Folder { get; } = Path.Combine(root, systemIdentifier);

    /// <summary>Where its WAL is archived.</summary>
    public string Wal => Path.Combine(Folder, "wal");

    /// <summary>The servers that have backups here.</summary>
    public static IReadOnlyList<BackupShelf> All(string root) =>
        Directory.Exists(root) ? [.. Directory.EnumerateDirectories(root).Select(Path.GetFileName).Where(name => ulong.TryParse(name, out _)).Select(name => new BackupShelf(root, name!))] : [];

    /// <summary>Whole backups, newest first; one whose manifest cannot be read is left out.</summary>
    public IReadOnlyList<StoredBackup> List(string kind) => Read(kind, out _);

    /// <summary>The same.</summary>
    /// <param name="unreadable">Folder and complaint of each that was left out.</param>
    public IReadOnlyList<StoredBackup> Read(string kind, out IReadOnlyList<(string Folder, string Complaint)> unreadable)
    {
        var (stored, damaged) = (new List<StoredBackup>(), new List<(string, string)>());
        unreadable = damaged;
        var folder = Path.Combine(Folder, kind);
        if (!Directory.Exists(folder)) return stored;
        foreach (var path in Directory.EnumerateDirectories(folder).Where(path => StoredBackup.IsName(Path.GetFileName(path))).OrderDescending(StringComparer.Ordinal))
        {
            try
            {
                stored.Add(new(path, BackupManifest.Read(path)));
            }
            catch (BackupException complaint)
            {
                if (Directory.Exists(path)) damaged.Add((path, complaint.Message)); // else it was let go just now
            }
        }
        return stored;
    }

    /// <summary>Names of backups whose manifest cannot be read, newest first.</summary>
    public IReadOnlyList<string> Unreadable(string kind)
    {
        Read(kind, out var unreadable);
        return [.. unreadable.Select(one => Path.GetFileName(one.Folder))];
    }

    /// <summary>The backup of this name.</summary>
    /// <exception cref="BackupException">There is none; the message has the names that there are.</exception>
    public StoredBackup Require(string kind, string name)
    {
        var all = Read(kind, out var unreadable);
        if (all.FirstOrDefault(backup => backup.Name == name) is { } found) return found;
        if (unreadable.FirstOrDefault(one => Path.GetFileName(one.Folder) == name) is { Complaint: { } complaint }) throw new BackupException(complaint) { IsDamage = true };
        throw new BackupException($"There is no {kind} '{name}' in {Folder}: name {(all.Count == 0 ? "another folder in Backups__Folder, as it has none" : $"one of {string.Join(", ", all.Select(backup => backup.Name))}")}.");
    }

    /// <summary>Removes all but the newest verified ones, and unverified ones that a verified one has overtaken.</summary>
    /// <param name="keep">At least 1: the last verified backup is never removed.</param>
    /// <returns>What was removed.</returns>
    public IReadOnlyList<string> Thin(string kind, int keep)
    {
        var all = List(kind);
        var verified = all.Where(backup => backup.VerifiedAt is not null).ToList();
        var newest = verified.FirstOrDefault();
        var kept = verified.Take(keep)
            .Concat(all.Where(backup => backup.VerifiedAt is null && (newest is null || string.CompareOrdinal(backup.Name, newest.Name) > 0)).Take(keep)).ToHashSet();
        var removed = all.Where(backup => !kept.Contains(backup)).ToList();
        foreach (var backup in removed) Directory.Delete(backup.Folder, recursive: true);
        return [.. removed.Select(backup => backup.Name)];
    }
}
