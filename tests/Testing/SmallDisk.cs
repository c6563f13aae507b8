using System.Globalization;
using Npgsql;

namespace Shabou.Testing;

/// <summary>A file system of 64 MB in memory with a database on it, which a test fills to the last byte. Needs the right to mount, and a server on this machine.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private const int Megabytes = 64;
    private readonly SmallFileSystem _disk;
    private readonly string _server;
    private readonly string _name;

    private SmallDisk(SmallFileSystem disk, string server, string name, string database) => (_disk, _server, _name, Database) = (disk, server, name, database);

    /// <summary>The owner's connection string to the migrated, empty database on it.</summary>
    public string Database { get; }

    /// <param name="servers">Whose PostgreSQL; its write-ahead log stays where it was.</param>
    /// <exception cref="NotSupportedException">It cannot be mounted here, and why: for the <c>SkipExceptions</c> of a test.</exception>
    public static async Task<SmallDisk> MountAsync(TestServers servers)
    {
        var template = await servers.CreateDatabaseAsync();
        var data = (string)(await AskAsync(template, "SHOW data_directory"))!;
        if (!Directory.Exists(data)) throw new NotSupportedException("PostgreSQL runs elsewhere: its disk cannot be made small from here.");
        var disk = await SmallFileSystem.MountAsync(Megabytes);
        var space = Directory.CreateDirectory(Path.Combine(disk.Folder, "space"));
        if (await SmallFileSystem.RunAsync("chown", $"--reference={data}", space.FullName) is { } kept) throw new InvalidOperationException(kept);
        var name = $"small_{Guid.NewGuid():N}";
        var server = new NpgsqlConnectionStringBuilder(template) { Database = "postgres", Pooling = false }.ConnectionString;
        await AskAsync(server, $"CREATE TABLESPACE {name} LOCATION '{space.FullName}'");
        await AskAsync(server, $"CREATE DATABASE {name} TEMPLATE {new NpgsqlConnectionStringBuilder(template).Database} TABLESPACE {name}");
        return new(disk, server, name, new NpgsqlConnectionStringBuilder(template) { Database = name }.ConnectionString);
    }

    /// <summary>Takes every byte that is left.</summary>
    public Task FillAsync() => _disk.FillAsync();

    /// <summary>Gives back what <see cref="FillAsync"/> took.</summary>
    public void Free() => _disk.Free();

    /// <summary>Has PostgreSQL's own program read every table and index.</summary>
    /// <returns>What it found; null when nothing.</returns>
    public Task<string?> CheckAsync()
    {
        var database = new NpgsqlConnectionStringBuilder(Database);
        var programs = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")) : []);
        var program = programs.Select(folder => Path.Combine(folder, "pg_amcheck")).FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("pg_amcheck was not found: apt-get install -y postgresql");
        return SmallFileSystem.RunAsync("env", $"PGPASSWORD={database.Password}", program, "--install-missing", "--heapallindexed", "--no-password",
            "-h", database.Host!, "-p", database.Port.ToString(CultureInfo.InvariantCulture), "-U", database.Username!, database.Database!);
    }

    public async ValueTask DisposeAsync()
    {
        Free();
        await AskAsync(_server, $"DROP DATABASE {_name} WITH (FORCE)");
        await AskAsync(_server, $"DROP TABLESPACE {_name}");
        await _disk.DisposeAsync();
    }

    private static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
