using System.Globalization;
using Microsoft.Extensions.Options;
using Shabou.Backups.Making;
using Shabou.LocalPostgres.Programs;
using Shabou.LocalPostgres.Servers;

namespace Shabou.Backups.Verifying;

/// <summary>Servers that live as long as one check: on a folder of their own, reached by a socket that nobody else can enter, gone afterwards.</summary>
internal sealed class ScratchServers(PostgresPrograms programs, Space space, IOptions<BackupOptions> options)
{
    /// <summary>The superuser of a new scratch server.</summary>
    public const string Superuser = "scratch";

    // Nothing of the server that the data came from may act here: it must not wait for standbys, send WAL, or look for certificates.
    private static readonly (string, string)[] s_settings =
    [
        ("fsync", "off"), ("full_page_writes", "off"), ("synchronous_commit", "off"), ("autovacuum", "off"), ("hot_standby", "off"), ("ssl", "off"),
        ("archive_mode", "off"), ("archive_command", ""), ("synchronous_standby_names", ""), ("primary_conninfo", ""), ("primary_slot_name", ""),
        ("shared_preload_libraries", ""), ("max_connections", "20"), ("max_wal_size", "4GB"), ("maintenance_work_mem", "256MB"),
    ];

    /// <summary>An empty folder for a server's data.</summary>
    /// <param name="bytes">About what will be in it.</param>
    public DataFolder NewFolder(long bytes)
    {
        var root = Path.Combine(options.Value.ScratchFolder is { Length: > 0 } configured ? Path.GetFullPath(configured) : Path.GetTempPath(), "shabou-scratch");
        Directory.CreateDirectory(root); // entered by the user that runs servers, so not private
        RemoveLeftOvers(root);
        space.Require(root, bytes);
        var folder = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.NewGuid():N}")[..20]);
        DataFolder.CreatePrivate(folder);
        return new(folder);
    }

    /// <summary>Makes and starts an empty server.</summary>
    public async Task<ScratchServer> StartEmptyAsync(DataFolder data, CancellationToken cancellationToken)
    {
        await data.InitializeAsync(programs, Superuser, cancellationToken);
        return await StartAsync(data, [("wal_level", "minimal"), ("max_wal_senders", "0")], cancellationToken);
    }

    /// <summary>Starts a server on data that are there; it recovers first. When it cannot, the folder is gone.</summary>
    public async Task<ScratchServer> StartAsync(DataFolder data, IEnumerable<(string, string)> settings, CancellationToken cancellationToken)
    {
        try
        {
            return new(await PostgresServer.StartAsync(programs, data, [.. s_settings, .. OwnFiles(data), .. settings], cancellationToken: cancellationToken), data);
        }
        catch
        {
            ScratchServer.Remove(data);
            throw;
        }
    }

    /// <summary>Its own configuration: that of the source may lie elsewhere, or name what this machine lacks.</summary>
    internal static IEnumerable<(string, string)> OwnFiles(DataFolder data)
    {
        foreach (var (setting, text) in (IEnumerable<(string, string)>)[("config_file", ""), ("hba_file", "local all all trust\n"), ("ident_file", "")])
        {
            var path = Path.Combine(data.Path, $"scratch_{setting}");
            File.WriteAllText(path, text);
            yield return (setting, path);
        }
    }

    /// <summary>What a process left that was killed at its check.</summary>
    private static void RemoveLeftOvers(string root)
    {
        foreach (var folder in Directory.EnumerateDirectories(root))
        {
            if (!int.TryParse(Path.GetFileName(folder).Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var maker) || IsRunning(maker)) continue;
            var data = new DataFolder(folder);
            data.KillServer();
            ScratchServer.Remove(data);
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>A running scratch server; its data go with it.</summary>
internal sealed class ScratchServer(PostgresServer server, DataFolder data) : IAsyncDisposable
{
    public PostgresLogin Login(string role, string database) => new(server.ConnectionString(role, database));

    public async ValueTask DisposeAsync()
    {
        await server.KillAsync(); // nothing of it is needed any more
        await server.DisposeAsync();
        Remove(data);
    }

    internal static void Remove(DataFolder data)
    {
        try
        {
            if (Directory.Exists(data.Path)) Directory.Delete(data.Path, recursive: true);
        }
        catch (IOException)
        {
            // a process of it is just ending; the next check removes the rest
        }
    }
}
