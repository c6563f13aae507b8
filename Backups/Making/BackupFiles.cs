using System.Globalization;
using System.Security.Cryptography;

namespace Shabou.Backups.Making;

/// <summary>The files of a backup and their checksums.</summary>
internal static class BackupFiles
{
    public static async Task<IReadOnlyList<BackupFile>> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var files = new List<BackupFile>();
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => Path.GetFileName(path) is not (BackupManifest.FileName or Places.VerifiedMark.FileName)).Order(StringComparer.Ordinal))
            files.Add(new(Path.GetFileName(path), new FileInfo(path).Length, await HashAsync(path, cancellationToken)));
        return files;
    }

    /// <summary>Holds every file against the manifest.</summary>
    /// <exception cref="BackupException">One is missing, truncated or changed; the message names it.</exception>
    public static async Task RequireWholeAsync(string folder, BackupManifest manifest, CancellationToken cancellationToken)
    {
        foreach (var file in manifest.Files)
        {
            RequireLength(folder, file);
            var path = Path.Combine(folder, file.Name);
            if (await HashAsync(path, cancellationToken) != file.Sha256) throw Damaged(path, "has another SHA-256 than its manifest says");
        }
    }

    /// <summary>What can be seen of a file without reading it.</summary>
    /// <exception cref="BackupException">It is missing or truncated; the message names it.</exception>
    public static void RequireLength(string folder, BackupFile file)
    {
        var path = Path.Combine(folder, file.Name);
        if (!File.Exists(path)) throw Damaged(path, "is missing");
        var length = new FileInfo(path).Length;
        if (length != file.Bytes) throw Damaged(path, string.Create(CultureInfo.InvariantCulture, $"has {length:N0} bytes instead of {file.Bytes:N0}"));
    }

    private static BackupException Damaged(string path, string how) => new($"The backup file {path} {how}: use another backup, or the copy of this one in the second place.") { IsDamage = true };

    /// <returns>Lower-case hexadecimal.</returns>
    /// <exception cref="BackupException">The file cannot be read to its end.</exception>
    public static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Damaged(path, $"cannot be read ({error.Message.TrimEnd('.')})");
        }
    }
}
