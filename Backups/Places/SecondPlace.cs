using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Shabou.Backups.Archive;
using Shabou.Backups.Making;

namespace Shabou.Backups.Places;

/// <summary>Gives a second place what the first has: verified backups and closed segments of WAL. What has its name there is never written again,
/// and what is kept is counted there, so that damage to the first place, or its loss, takes nothing from the second.</summary>
/// <remarks>Both methods let an <see cref="IOException"/> pass when the place is away: what was copied stays, and the next call goes on.</remarks>
internal sealed class SecondPlace(IOptions<BackupOptions> options)
{
    private readonly Dictionary<string, (string State, string Complaint)> _damaged = [];
    private readonly HashSet<string> _walThere = [];

    /// <summary>The configured one, or null.</summary>
    public IBackupPlace? Place { get; } = options.Value.SecondFolder is { Length: > 0 } folder ? new FolderPlace(Path.GetFullPath(folder)) : null;

    /// <summary>Copies what is missing of each verified backup, its manifest last, so that what has one is whole; then removes what is more than <see cref="BackupOptions.Keep"/>.</summary>
    /// <returns>What could not be copied, or is damaged in either place; the others were copied.</returns>
    public async Task<IReadOnlyList<CopyObjection>> CopyBackupsAsync(BackupShelf shelf, CancellationToken cancellationToken)
    {
        var objections = new List<CopyObjection>();
        if (Place is not { } place) return objections;
        foreach (var kind in RunBackups.Kinds)
        {
            var prefix = $"{Path.GetFileName(shelf.Folder)}/{kind}";
            var there = await PlacedBackups.ReadAsync(place, prefix, cancellationToken);
            var here = shelf.Read(kind, out var unreadable).Where(backup => backup.VerifiedAt is not null).ToList();
            objections.AddRange(unreadable.Select(damaged => new CopyObjection($"{prefix}/{Path.GetFileName(damaged.Folder)}", damaged.Complaint)));
            var worthIt = here.Select(backup => backup.Name).Union(there.Whole).OrderDescending(StringComparer.Ordinal).Take(options.Value.Keep).ToHashSet();
            foreach (var backup in here.Where(backup => worthIt.Contains(backup.Name)))
            {
                try
                {
                    await CopyAsync(place, $"{prefix}/{backup.Name}", backup, there.FilesOf(backup.Name), cancellationToken);
                    there.IsWholeNow(backup.Name);
                }
                catch (Exception error) when (error is BackupException or IOException && !Directory.Exists(backup.Folder))
                {
                    // the first place has just let it go
                }
                catch (BackupException complaint)
                {
                    objections.Add(new($"{prefix}/{backup.Name}", complaint.Message));
                }
            }
            foreach (var name in there.Beyond(options.Value.Keep)) await place.RemoveAsync(name, cancellationToken);
        }
        return objections;
    }

    /// <summary>Copies closed segments and the histories of timelines; then removes segments that no base backup in either place needs.</summary>
    /// <inheritdoc cref="CopyBackupsAsync" path="/returns"/>
    public async Task<IReadOnlyList<CopyObjection>> CopyWalAsync(BackupShelf shelf, CancellationToken cancellationToken)
    {
        var objections = new List<CopyObjection>();
        var archive = new WalArchive(shelf.Wal);
        var root = Path.GetDirectoryName(shelf.Folder)!;
        var here = archive.Closed().Select(segment => segment.Path).Concat(archive.Histories)
            .ToDictionary(file => Path.GetRelativePath(root, file).Replace('\\', '/'));
        if (Place is not { } place || here.Keys.All(_walThere.Contains)) return objections; // an idle shop need not ask the place
        var there = await place.ListAsync($"{Path.GetFileName(shelf.Folder)}/wal", cancellationToken);
        var size = WalArchive.SizeOf(here.Values.Where(file => WalSegment.Of(file) is not null).Select(file => new FileInfo(file)).Where(file => file.Exists).Select(file => file.Length)
            .Concat(there.Where(entry => WalSegment.Of(entry.Key) is not null).Select(entry => entry.Value)));
        foreach (var (name, file) in here.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            try
            {
                await CopySegmentAsync(place, name, file, size, there, cancellationToken);
                _walThere.Add(name);
            }
            catch (Exception error) when (error is BackupException or IOException && !File.Exists(file))
            {
                // no base backup needs it any more
            }
            catch (BackupException complaint)
            {
                objections.Add(new(name, complaint.Message));
            }
        }
        await RemoveWalAsync(place, shelf, there, size, objections, cancellationToken);
        _walThere.RemoveWhere(name => SystemOf(name) == Path.GetFileName(shelf.Folder) && !here.ContainsKey(name));
        return objections;
    }

    private async Task CopyAsync(IBackupPlace place, string prefix, StoredBackup backup, IReadOnlyDictionary<string, long> there, CancellationToken cancellationToken)
    {
        foreach (var file in backup.Manifest.Files)
        {
            BackupFiles.RequireLength(backup.Folder, file);
            if (there.TryGetValue(file.Name, out var length) && length != file.Bytes)
                throw new BackupException(string.Create(CultureInfo.InvariantCulture, $"The file {prefix}/{file.Name} in {place.Name} has {length:N0} bytes instead of {file.Bytes:N0}: remove it there, and it is copied again."));
        }
        var missing = backup.Manifest.Files.Where(file => !there.ContainsKey(file.Name)).ToList();
        if (missing.Count > 0) await RequireWholeAsync(backup, cancellationToken);
        foreach (var file in missing) await place.PutAsync($"{prefix}/{file.Name}", Path.Combine(backup.Folder, file.Name), file.Sha256, cancellationToken);
        foreach (var name in (string[])[VerifiedMark.FileName, BackupManifest.FileName])
        {
            var path = Path.Combine(backup.Folder, name);
            if (!there.ContainsKey(name)) await place.PutAsync($"{prefix}/{name}", path, await BackupFiles.HashAsync(path, cancellationToken), cancellationToken);
        }
    }

    /// <summary>One that was found damaged is not read to its end again before it has changed.</summary>
    private async Task RequireWholeAsync(StoredBackup backup, CancellationToken cancellationToken)
    {
        var state = string.Join(' ', backup.Manifest.Files.Select(file => File.GetLastWriteTimeUtc(Path.Combine(backup.Folder, file.Name)).Ticks));
        if (_damaged.TryGetValue(backup.Folder, out var known) && known.State == state) throw new BackupException(known.Complaint);
        try
        {
            await BackupFiles.RequireWholeAsync(backup.Folder, backup.Manifest, cancellationToken);
            _damaged.Remove(backup.Folder);
        }
        catch (BackupException complaint)
        {
            _damaged[backup.Folder] = (state, complaint.Message);
            throw;
        }
    }

    private static async Task CopySegmentAsync(IBackupPlace place, string name, string file, long size, IReadOnlyDictionary<string, long> there, CancellationToken cancellationToken)
    {
        if (!there.TryGetValue(name, out var length))
        {
            var hash = await BackupFiles.HashAsync(file, cancellationToken); // it can be read, so what fails afterwards is the place
            if (WalSegment.Of(file)?.Objection(SystemOf(name), size) is { } objection)
                throw new BackupException($"WAL segment {file} {objection} and is not copied: make a base backup, which needs only what follows.");
            await place.PutAsync(name, file, hash, cancellationToken);
        }
        else if (WalSegment.Of(file) is not null)
        {
            if (length != size) throw new BackupException(string.Create(CultureInfo.InvariantCulture, $"WAL segment {name} in {place.Name} has {length:N0} bytes instead of {size:N0}: remove it there, and it is copied again."));
            if (new FileInfo(file) is { Exists: true } own && own.Length != size)
                throw new BackupException(string.Create(CultureInfo.InvariantCulture, $"WAL segment {file} has {own.Length:N0} bytes instead of {size:N0}: copy it back from {place.Name}."));
        }
    }

    private static async Task RemoveWalAsync(IBackupPlace place, BackupShelf shelf, IReadOnlyDictionary<string, long> there, long size, List<CopyObjection> objections, CancellationToken cancellationToken)
    {
        var prefix = $"{Path.GetFileName(shelf.Folder)}/{MakeBase.Kind}";
        var kept = new List<BackupManifest>(shelf.List(MakeBase.Kind).Select(backup => backup.Manifest));
        var whole = (await PlacedBackups.ReadAsync(place, prefix, cancellationToken)).Whole;
        foreach (var name in whole)
        {
            try
            {
                kept.Add(BackupManifest.Parse(await place.ReadAsync($"{prefix}/{name}/{BackupManifest.FileName}", cancellationToken)));
            }
            catch (JsonException damaged)
            {
                // Nobody knows what it needs, so all of it stays.
                objections.Add(new($"{prefix}/{name}", $"The manifest of {prefix}/{name} in {place.Name} cannot be read ({damaged.Message.TrimEnd('.')}): put that of the first place there, or remove this copy."));
                return;
            }
        }
        if (whole.Count == 0 || WalArchive.NeededFrom(kept) is not { } from) return;
        foreach (var name in there.Keys.Where(name => WalSegment.Of(name) is { } segment && segment.EndsBefore(from, size))) await place.RemoveAsync(name, cancellationToken);
    }

    private static string SystemOf(string name) => name[..name.IndexOf('/', StringComparison.Ordinal)];
}

/// <summary>Something is not, or cannot be, in the second place as it should be.</summary>
/// <param name="Subject">Which backup or segment.</param>
/// <param name="Sentence">For a person: which file, what is wrong, and what to do.</param>
internal sealed record CopyObjection(string Subject, string Sentence);
