using System.Globalization;
using Microsoft.Extensions.Options;

namespace Shabou.Backups.Making;

/// <summary>Looks at the room before it is used: a disk that is full to the brim hurts more than the backup.</summary>
internal sealed class Space(IOptions<BackupOptions> options)
{
    /// <param name="folder">Exists.</param>
    /// <param name="bytes">About to be written.</param>
    /// <exception cref="BackupException">They would leave less than <see cref="BackupOptions.KeepFree"/>.</exception>
    public void Require(string folder, long bytes)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free - bytes < options.Value.KeepFree)
        {
            throw new BackupException(
                $"There is not enough room at {folder}: {Words(free)} are free, about {Words(bytes)} are needed and {Words(options.Value.KeepFree)} must stay free (Backups:KeepFree); free some, or move Backups:Folder or Backups:ScratchFolder to a larger disk.");
        }
    }

    public static string Words(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
    };
}
