using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Shabou.ServiceDefaults.Secrets;

/// <summary>Secrets as files: each file of <c>/run/secrets</c> is a key (<c>Cursors__Key</c> is <c>Cursors:Key</c>) and wins over the environment, which
/// other processes can read. A file that is replaced is read again within seconds; what was read once at start needs a restart.</summary>
internal static class MountedSecrets
{
    /// <summary>Names another folder. Default <c>/run/secrets</c>; one that does not exist is no error.</summary>
    public const string FolderKey = "Secrets:Folder";

    private const string DefaultFolder = "/run/secrets";

    /// <exception cref="InvalidOperationException">A folder was named that does not exist or is not an absolute path.</exception>
    public static void AddMountedSecrets(this IHostApplicationBuilder builder)
    {
        var named = builder.Configuration[FolderKey];
        var folder = string.IsNullOrEmpty(named) ? DefaultFolder : named;
        if (!string.IsNullOrEmpty(named) && !(Path.IsPathRooted(folder) && Directory.Exists(folder)))
        {
            throw new InvalidOperationException($"{FolderKey} is '{folder}', which is no folder of this machine: mount it there, or leave the setting out.");
        }

        if (!Directory.Exists(folder))
        {
            return;
        }

        builder.Configuration.AddKeyPerFile(files =>
        {
            // Polled: a mounted folder is replaced by swapping a symbolic link, of which no watch is told.
            files.FileProvider = new PhysicalFileProvider(folder) { UsePollingFileWatcher = true, UseActivePolling = true };
            files.Optional = true;
            files.ReloadOnChange = true;
        });
    }
}
