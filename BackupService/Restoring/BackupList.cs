using Shabou.Backups;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Backups.Restoring;

namespace Shabou.BackupService.Restoring;

/// <summary>What can be restored, for a person who has to choose: a line for each backup, the newest first.</summary>
internal static class BackupList
{
    /// <exception cref="BackupException">The folder has no backups.</exception>
    public static IEnumerable<string> Lines(string folder, string? system)
    {
        var shelves = BackupShelf.All(folder).Where(shelf => system is null || Path.GetFileName(shelf.Folder) == system).ToList();
        if (shelves.Count == 0) throw new BackupException($"There is no backup{(system is null ? "" : $" of server {system}")} in {folder}: set Backups__Folder to the folder of backups or of their copies.");
        return shelves.SelectMany(shelf => RunBackups.Kinds.Reverse().SelectMany(kind => Lines(shelf, kind)).Prepend($"Server {Path.GetFileName(shelf.Folder)} in {folder}:"));
    }

    private static IEnumerable<string> Lines(BackupShelf shelf, string kind) =>
        shelf.List(kind).Select(backup =>
                $"  {backup.Name}  {kind}  {RestorePlan.Text(backup.Manifest.FinishedAt)}  {Space.Words(backup.Manifest.Bytes),10}  {(backup.VerifiedAt is { } verified ? $"verified {RestorePlan.Text(verified)}" : "not verified")}")
            .Concat(shelf.Unreadable(kind).Select(name => $"  {name}  {kind}  damaged: no readable {BackupManifest.FileName}"));
}
