namespace Shabou.Backups.Places;

/// <summary>A folder: of another disk, another machine, or a mounted bucket.</summary>
internal sealed class FolderPlace(string folder) : IBackupPlace
{
    private const string Draft = ".draft";

    public string Name => folder;

    public Task<IReadOnlyDictionary<string, long>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var root = new DirectoryInfo(Path.Combine(folder, prefix));
        var files = root.Exists ? root.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Extension != Draft) : [];
        return Task.FromResult<IReadOnlyDictionary<string, long>>(files.ToDictionary(file => Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), file => file.Length));
    }

    public async Task PutAsync(string name, string file, CancellationToken cancellationToken)
    {
        var target = Path.Combine(folder, name);
        PrivateFolder.Create(Path.GetDirectoryName(target)!);
        await using (var from = File.OpenRead(file))
        await using (var to = File.Create(target + Draft))
        {
            await from.CopyToAsync(to, cancellationToken);
            to.Flush(flushToDisk: true);
        }
        File.Move(target + Draft, target, overwrite: true);
    }

    public Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        File.Delete(Path.Combine(folder, name));
        for (var parent = Path.GetDirectoryName(Path.Combine(folder, name)); parent is not null && parent.Length > folder.Length && !Directory.EnumerateFileSystemEntries(parent).Any(); parent = Path.GetDirectoryName(parent))
            Directory.Delete(parent);
        return Task.CompletedTask;
    }
}
