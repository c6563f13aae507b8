using System.Security.Cryptography;

namespace Shabou.Backups.Places;

/// <summary>A folder: of another disk, another machine, or a mounted bucket. It is never made: where a mount is missing, this disk would be taken for it.</summary>
internal sealed class FolderPlace(string folder) : IBackupPlace
{
    private const string Draft = ".draft";
    private const int BufferSize = 1 << 20;

    public string Name => folder;

    public Task<IReadOnlyDictionary<string, long>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        RequireThere();
        var root = new DirectoryInfo(Path.Combine(folder, prefix));
        var files = root.Exists ? root.EnumerateFiles("*", SearchOption.AllDirectories) : [];
        return Task.FromResult<IReadOnlyDictionary<string, long>>(files.ToDictionary(file => Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), file => file.Length));
    }

    public async Task PutAsync(string name, string file, string sha256, CancellationToken cancellationToken)
    {
        RequireThere();
        var target = Path.Combine(folder, name);
        PrivateFolder.Create(Path.GetDirectoryName(target)!);
        try
        {
            if (await CopyAsync(file, target + Draft, cancellationToken) != sha256)
                throw new BackupException($"The file {file} changed while it was copied to {folder}: it is not there, and is tried again.");
            KeepTime(file, target + Draft);
            File.Move(target + Draft, target, overwrite: false);
        }
        finally
        {
            if (File.Exists(target + Draft)) File.Delete(target + Draft);
        }
    }

    public Task<byte[]> ReadAsync(string name, CancellationToken cancellationToken) => File.ReadAllBytesAsync(Path.Combine(folder, name), cancellationToken);

    public Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        File.Delete(Path.Combine(folder, name));
        for (var parent = Path.GetDirectoryName(Path.Combine(folder, name)); parent is not null && parent.Length > folder.Length && !Directory.EnumerateFileSystemEntries(parent).Any(); parent = Path.GetDirectoryName(parent))
            Directory.Delete(parent);
        return Task.CompletedTask;
    }

    private void RequireThere()
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"The folder {folder} does not exist");
    }

    /// <returns>SHA-256 of what was copied.</returns>
    private static async Task<string> CopyAsync(string file, string draft, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using var to = File.Create(draft);
        var buffer = new byte[BufferSize];
        for (int read; (read = await from.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        to.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // A restore says by it up to when there is WAL.
    private static void KeepTime(string file, string draft)
    {
        try
        {
            File.SetLastWriteTimeUtc(draft, File.GetLastWriteTimeUtc(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // some mounted buckets have times of their own
        }
    }
}
