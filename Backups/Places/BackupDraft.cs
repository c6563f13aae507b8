using Shabou.Backups.Making;

namespace Shabou.Backups.Places;

/// <summary>A backup being made, under a name at which nobody looks; it gets its own when it is whole.</summary>
internal sealed class BackupDraft : IDisposable
{
    private const string Prefix = ".draft-";
    private readonly string _final;

    private BackupDraft(string folder, string final) => (Folder, _final) = (folder, final);

    public string Folder { get; }

    /// <summary>Makes its folder, and removes what a killed attempt left.</summary>
    public static BackupDraft Begin(string root, string systemIdentifier, string kind, DateTimeOffset moment)
    {
        var parent = Path.Combine(root, systemIdentifier, kind);
        try
        {
            PrivateFolder.Create(parent);
            foreach (var left in Directory.EnumerateDirectories(parent, Prefix + "*")) Directory.Delete(left, recursive: true);
            var name = StoredBackup.NameOf(moment);
            while (Directory.Exists(Path.Combine(parent, name))) name = StoredBackup.NameOf(moment = moment.AddSeconds(1)); // two in one second
            var draft = new BackupDraft(Path.Combine(parent, Prefix + name), Path.Combine(parent, name));
            PrivateFolder.Create(draft.Folder);
            return draft;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The folder {parent} cannot be written ({error.Message.TrimEnd('.')}): make it writable, or set Backups:Folder to one that is.", error);
        }
    }

    /// <summary>Writes the manifest and gives the backup its name.</summary>
    public StoredBackup Complete(BackupManifest manifest)
    {
        manifest.Write(Folder);
        Directory.Move(Folder, _final);
        return new(_final, manifest);
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }
}
