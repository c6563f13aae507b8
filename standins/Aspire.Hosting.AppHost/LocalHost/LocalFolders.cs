using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.LocalHost;

/// <summary>
/// Where the host keeps what outlives it: <c>.shabou</c> beside the AppHost's folder; below /var/lib/shabou where the unprivileged user that
/// runs PostgreSQL cannot get there; or where configuration <c>LocalHost:DataFolder</c> says.
/// </summary>
internal sealed class LocalFolders : IDisposable
{
    // What the system answers when someone else holds the lock.
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;

    private readonly Lazy<string> _root;
    private readonly Lazy<SecretsFile> _secrets;
    private FileStream? _lock;

    public LocalFolders(IConfiguration configuration, string appHostDirectory)
    {
        _root = new(() => Choose(configuration["LocalHost:DataFolder"], appHostDirectory));
        _secrets = new(() =>
        {
            Create(Root);
            return new(Path.Combine(Root, "secrets.json"));
        });
    }

    public string Root => _root.Value;

    public SecretsFile Secrets => _secrets.Value;

    public string Certificates => Path.Combine(Root, "certificates");

    public string ProcessRecords => Path.Combine(Root, "processes.json");

    // A file of its own: the locked one cannot be read by others.
    private string OwnerFile => Path.Combine(Root, "host.pid");

    public static LocalFolders Of(IDistributedApplicationBuilder builder) =>
        (LocalFolders)builder.Services.Last(s => s.ServiceType == typeof(LocalFolders)).ImplementationInstance!;

    /// <summary>Creates the root and claims it until the process ends, however it ends.</summary>
    public void Open()
    {
        Create(Root);
        try
        {
            _lock = new(Path.Combine(Root, "host.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(OwnerFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException error) when (error.HResult is WouldBlockOnLinux or WouldBlockOnMac)
        {
            throw new LocalHostException($"Another AppHost (process {File.ReadAllText(OwnerFile)}) is using the data folder {Root}: stop it, or start this one with LocalHost__DataFolder set to another folder.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(Root, error);
        }
    }

    /// <summary>A folder for a resource's data: kept with a volume, otherwise empty at every start.</summary>
    public string DataOf(string resource, bool kept)
    {
        var folder = Path.Combine(Root, kept ? resource : $"{resource}.temporary");
        if (!kept && Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return folder;
    }

    public static void Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(folder, error);
        }
    }

    public void Dispose() => _lock?.Dispose();

    private static LocalHostException NotWritable(string folder, Exception error) => new(
        $"The data folder {folder} cannot be written ({error.Message.TrimEnd('.')}): make it writable, or set LocalHost__DataFolder to a folder that is.");

    private static string Choose(string? configured, string appHostDirectory)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(appHostDirectory).TrimEnd(Path.DirectorySeparatorChar)) ?? "/";
        if (!string.IsNullOrWhiteSpace(configured))
            return Path.GetFullPath(configured, parent);

        if (UnprivilegedUser.Needed is not { } user || user.CanEnter(parent))
            return Path.Combine(parent, ".shabou");

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parent)))[..10];
        return $"/var/lib/shabou/{Path.GetFileName(parent)}-{hash}";
    }
}
