namespace Shabou.Backups;

/// <summary>A backup cannot be made, checked or restored. The message is one sentence: which, why, and what to do. Nothing was lost by it.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether a file of the backup is missing or damaged, so that another backup may do.</summary>
    internal bool IsDamage { get; init; }
}
