using Microsoft.Extensions.Options;
using Shabou.Backups.Archive;
using Shabou.Backups.Making;

namespace Shabou.Backups.Places;

/// <summary>Makes a second place have what the first has: verified backups and whole segments of WAL, and nothing that the first has let go.</summary>
internal sealed class SecondPlace(IOptions<BackupOptions> options)
{
    /// <summary>The configured one, or null.</summary>
    public IBackupPlace? Place { get; } = options.Value.SecondFolder is { Length: > 0 } folder ? new FolderPlace(Path.GetFullPath(folder)) : null;

    /// <summary>Copies what is missing, manifests last, so that what has one is whole; then removes what is too much.</summary>
    /// <returns>How many files were copied.</returns>
    public async Task<int> CopyAsync(BackupShelf shelf, CancellationToken cancellationToken)
    {
        if (Place is not { } place) return 0;
        var prefix = Path.GetFileName(shelf.Folder);
        var there = await place.ListAsync(prefix, cancellationToken);
        var wanted = Wanted(shelf).ToList();
        var copied = 0;
        foreach (var (name, file) in wanted.Where(entry => !there.TryGetValue(entry.Name, out var length) || length != new FileInfo(entry.File).Length))
        {
            await place.PutAsync(name, file, cancellationToken);
            copied++;
        }
        foreach (var name in there.Keys.Except(wanted.Select(entry => entry.Name))) await place.RemoveAsync(name, cancellationToken);
        return copied;
    }

    private static IEnumerable<(string Name, string File)> Wanted(BackupShelf shelf)
    {
        var root = Path.GetDirectoryName(shelf.Folder)!;
        var files = RunBackups.Kinds.SelectMany(shelf.List).Where(backup => backup.VerifiedAt is not null)
            .SelectMany(backup => (string[])[.. backup.Manifest.Files.Select(file => file.Name), VerifiedMark.FileName, BackupManifest.FileName], (backup, name) => Path.Combine(backup.Folder, name));
        var archive = new WalArchive(shelf.Wal);
        return files.Concat(archive.Segments().Where(segment => !segment.IsPartial).Select(segment => segment.Path)).Concat(archive.Histories)
            .Select(file => (Path.GetRelativePath(root, file).Replace('\\', '/'), file));
    }
}
