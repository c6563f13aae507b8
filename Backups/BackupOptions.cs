using System.ComponentModel.DataAnnotations;

namespace Shabou.Backups;

/// <summary>Where backups are and how many. Section <c>Backups</c>.</summary>
public sealed class BackupOptions
{
    public const string Section = "Backups";

    /// <summary>The folder of all backups and of the archived WAL; below it each server has a folder of its own. No default.</summary>
    public string? Folder { get; set; }

    /// <summary>A second folder, which exists, on another machine or disk, that gets a copy of each verified backup and of each closed segment of WAL, and keeps as many. Default: none.</summary>
    public string? SecondFolder { get; set; }

    /// <summary>Where scratch servers have their data for the time of a check. Default: the machine's folder for temporary files.</summary>
    public string? ScratchFolder { get; set; }

    /// <summary>Verified backups of each kind that are kept. Default 7.</summary>
    [Range(1, 1_000)] public int Keep { get; set; } = 7;

    /// <summary>Bytes that must stay free where backups and scratch servers are. Default 1 GiB.</summary>
    [Range(0, long.MaxValue)] public long KeepFree { get; set; } = 1L << 30;

    /// <summary>When backups are made, as a cron expression with seconds in the time of Africa/Tunis. Default: daily at 03:00.</summary>
    [Required] public string Schedule { get; set; } = "0 0 3 * * ?";

    /// <summary>How long after its start the service makes the backup that is due. Default 10 min, so that no start is slowed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")] public TimeSpan CatchUpAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after a backup that failed another one is tried. Default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")] public TimeSpan RepeatAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether the WAL is archived. Default: it is; without it a restore goes back to the last backup.</summary>
    public bool ArchiveWal { get; set; } = true;

    /// <exception cref="BackupException">No folder is configured.</exception>
    internal string RequireFolder() => Folder is { Length: > 0 } folder
        ? Path.GetFullPath(folder)
        : throw new BackupException("Backups:Folder is not set: name the folder that backups are kept in.");
}
