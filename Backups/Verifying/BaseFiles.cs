using System.Formats.Tar;
using System.IO.Compression;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.LocalPostgres;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;

namespace Shabou.Backups.Verifying;

/// <summary>Unpacks a base backup into a folder of data.</summary>
internal static class BaseFiles
{
    /// <summary>What a folder of data may hold for each byte of a compressed backup; only to see whether there is room.</summary>
    public const long Growth = 6;

    /// <summary>Checks the files, unpacks them, and has pg_verifybackup check every file that came out and the WAL it needs.</summary>
    /// <exception cref="BackupException">A file is damaged.</exception>
    public static async Task UnpackAsync(PostgresPrograms programs, StoredBackup backup, DataFolder data, CancellationToken cancellationToken)
    {
        await BackupFiles.RequireWholeAsync(backup.Folder, backup.Manifest, cancellationToken);
        await UnpackAsync(Path.Combine(backup.Folder, MakeBase.DataFile), data.Path, cancellationToken);
        await UnpackAsync(Path.Combine(backup.Folder, MakeBase.WalFile), Path.Combine(data.Path, "pg_wal"), cancellationToken);
        File.Copy(Path.Combine(backup.Folder, MakeBase.PostgresManifest), Path.Combine(data.Path, MakeBase.PostgresManifest));
        try
        {
            await RunningProgram.RunAsync(programs.Require("pg_verifybackup"), ["--quiet", data.Path], cancellationToken: cancellationToken);
        }
        catch (LocalPostgresException refused)
        {
            throw new BackupException($"The backup {backup.Folder} is damaged ({refused.Message.TrimEnd('.')}): use another backup.", refused) { IsDamage = true };
        }
        File.Delete(Path.Combine(data.Path, "standby.signal")); // of a backup that a standby gave
    }

    private static async Task UnpackAsync(string file, string folder, CancellationToken cancellationToken)
    {
        try
        {
            await using var packed = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
            await using var tar = new GZipStream(packed, CompressionMode.Decompress);
            await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: true, cancellationToken);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new BackupException($"The backup file {file} cannot be unpacked ({error.Message.TrimEnd('.')}): use another backup.", error) { IsDamage = true };
        }
    }
}
