using Shabou.Backups.Making;

namespace Shabou.Backups.Places;

/// <summary>The backups of one kind in the second place, by their names alone.</summary>
internal sealed class PlacedBackups
{
    private readonly string _prefix;
    private readonly Dictionary<string, Dictionary<string, long>> _files;
    private readonly HashSet<string> _whole;

    private PlacedBackups(string prefix, IReadOnlyDictionary<string, long> listed)
    {
        _prefix = prefix;
        _files = listed.Select(entry => (Parts: entry.Key[(prefix.Length + 1)..].Split('/', 2), entry.Value)).Where(entry => entry.Parts.Length == 2 && StoredBackup.IsName(entry.Parts[0]))
            .GroupBy(entry => entry.Parts[0]).ToDictionary(backup => backup.Key, backup => backup.ToDictionary(entry => entry.Parts[1], entry => entry.Value));
        _whole = [.. _files.Where(backup => backup.Value.ContainsKey(BackupManifest.FileName) && backup.Value.ContainsKey(VerifiedMark.FileName)).Select(backup => backup.Key)];
    }

    /// <summary>Those whose copy was completed.</summary>
    public IReadOnlyCollection<string> Whole => _whole;

    public static async Task<PlacedBackups> ReadAsync(IBackupPlace place, string prefix, CancellationToken cancellationToken) =>
        new(prefix, await place.ListAsync(prefix, cancellationToken));

    /// <summary>Its files with their lengths; none when it is not there.</summary>
    public IReadOnlyDictionary<string, long> FilesOf(string name) => _files.GetValueOrDefault(name, []);

    public void IsWholeNow(string name) => _whole.Add(name);

    /// <summary>The files of all that is older than the newest whole ones, manifests first, so that what is half removed counts no more.</summary>
    /// <param name="keep">At least 1; with fewer whole ones nothing is too much.</param>
    public IEnumerable<string> Beyond(int keep) => _whole.OrderDescending(StringComparer.Ordinal).Skip(keep - 1).FirstOrDefault() is not { } oldest ? [] :
        _files.Where(backup => string.CompareOrdinal(backup.Key, oldest) < 0)
            .SelectMany(backup => backup.Value.Keys.OrderByDescending(file => file == BackupManifest.FileName), (backup, file) => $"{_prefix}/{backup.Key}/{file}");
}
