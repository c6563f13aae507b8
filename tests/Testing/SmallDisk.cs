using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Xunit;

namespace Shabou.Testing;

/// <summary>A file system of 64 MB in memory with a database on it, which a test fills to the last byte. Needs the right to mount, and a server on this machine.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private const string Megabytes = "64";
    private readonly DirectoryInfo _folder;
    private readonly string _server;
    private readonly string _name;

    private SmallDisk(DirectoryInfo folder, string server, string name, string database) => (_folder, _server, _name, Database) = (folder, server, name, database);

    /// <summary>The owner's connection string to the migrated, empty database on it.</summary>
    public string Database { get; }

    private string Ballast => Path.Combine(_folder.FullName, "ballast");

    /// <param name="servers">Whose PostgreSQL; its write-ahead log stays where it was.</param>
    /// <exception cref="NotSupportedException">It cannot be mounted here, and why: for the <c>SkipExceptions</c> of a test.</exception>
    public static async Task<SmallDisk> MountAsync(TestServers servers)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) throw new NotSupportedException("Mounting a small disk needs Linux and root.");
        var template = await servers.CreateDatabaseAsync();
        var data = (string)(await AskAsync(template, "SHOW data_directory"))!;
        if (!Directory.Exists(data)) throw new NotSupportedException("PostgreSQL runs elsewhere: its disk cannot be made small from here.");
        var folder = Directory.CreateTempSubdirectory("shabou-small-disk-");
        if (await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m,mode=755", "tmpfs", folder.FullName) is { } refused)
        {
            folder.Delete();
            throw new NotSupportedException($"No small disk can be mounted here: {refused}");
        }
        var space = Directory.CreateDirectory(Path.Combine(folder.FullName, "space"));
        if (await RunAsync("chown", $"--reference={data}", space.FullName) is { } kept) throw new InvalidOperationException(kept);
        var name = $"small_{Guid.NewGuid():N}";
        var server = new NpgsqlConnectionStringBuilder(template) { Database = "postgres", Pooling = false }.ConnectionString;
        await AskAsync(server, $"CREATE TABLESPACE {name} LOCATION '{space.FullName}'");
        await AskAsync(server, $"CREATE DATABASE {name} TEMPLATE {new NpgsqlConnectionStringBuilder(template).Database} TABLESPACE {name}");
        return new(folder, server, name, new NpgsqlConnectionStringBuilder(template) { Database = name }.ConnectionString);
    }

    /// <summary>Takes every byte that is left.</summary>
    public async Task FillAsync()
    {
        await using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (var size in (int[])[1 << 20, 1 << 12, 1])
        {
            try
            {
                while (true) await ballast.WriteAsync(new byte[size], TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                // full, for blocks of this size
            }
        }
    }

    /// <summary>Gives back what <see cref="FillAsync"/> took.</summary>
    public void Free() => File.Delete(Ballast);

    /// <summary>Has PostgreSQL's own program read every table and index.</summary>
    /// <returns>What it found; null when nothing.</returns>
    public Task<string?> CheckAsync()
    {
        var database = new NpgsqlConnectionStringBuilder(Database);
        var programs = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")) : []);
        var program = programs.Select(folder => Path.Combine(folder, "pg_amcheck")).FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("pg_amcheck was not found: apt-get install -y postgresql");
        return RunAsync("env", $"PGPASSWORD={database.Password}", program, "--install-missing", "--heapallindexed", "--no-password",
            "-h", database.Host!, "-p", database.Port.ToString(CultureInfo.InvariantCulture), "-U", database.Username!, database.Database!);
    }

    public async ValueTask DisposeAsync()
    {
        Free();
        await AskAsync(_server, $"DROP DATABASE {_name} WITH (FORCE)");
        await AskAsync(_server, $"DROP TABLESPACE {_name}");
        await RunAsync("umount", "--lazy", _folder.FullName);
        _folder.Delete(recursive: true);
    }

    private static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <returns>What it said when it failed; null when it did what it was asked.</returns>
    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : (errors + await output).Trim();
    }
}
