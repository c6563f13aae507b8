using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.Schema;
using Shabou.Schema.Identity;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>A PostgreSQL of its own with the schema in it, which a test can stop and start again. It never runs as root.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    /// <summary>Many gateways run at once, each with its pool.</summary>
    public const int MaxConnections = 500;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly string Programs = FindPrograms();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-postgres-");
    private readonly int _port = FreePort();
    private Process? _process;

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={_port};Username=postgres;Database=shabou;Maximum Pool Size=20;Timeout=2;Include Error Detail=true");

    private string Data => Path.Combine(_folder.FullName, "data");

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", ["postgres", _folder.FullName], cancellationToken);
        await RunAsync("initdb", ["-D", Data, "-U", "postgres", "--auth=trust", "--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C.UTF-8"], cancellationToken);
        await StartAsync(cancellationToken);
        await using var context = Context();
        await context.Database.MigrateAsync(cancellationToken);
        NpgsqlConnection.ClearPool((NpgsqlConnection)context.Database.GetDbConnection()); // a database in use cannot be copied
        await ExecuteAsync("CREATE DATABASE fresh TEMPLATE shabou");
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = Start("postgres", ["-D", Data, "-p", $"{_port}", "-k", "", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
            "-c", $"max_connections={MaxConnections}",
            "-c", "shared_preload_libraries=pg_stat_statements"]);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await AnswersAsync(limit.Token))
        {
            Assert.False(_process.HasExited, "postgres ended while it started.");
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Closes every connection and ends (SIGINT, the "fast" shutdown).</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var process = _process ?? throw new InvalidOperationException("The server is not running.");
        await RunAsync("kill", ["-INT", $"{process.Id}"], cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        process.Dispose();
        _process = null;
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>A new key in the database; what the client must send is returned.</summary>
    internal async Task<IssuedKey> IssueAsync(ApiKeyRole role = ApiKeyRole.User, string name = "test", DateTimeOffset? expiresAt = null, DateTimeOffset? revokedAt = null,
        string? database = null, params string[] scopes)
    {
        var secret = IssuedKey.NewSecret();
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(), Name = name, Prefix = secret[..ApiKey.PrefixLength], Hash = ApiKey.HashOf(secret), Role = role,
            CreatedAt = DateTimeOffset.UtcNow, ExpiresAt = expiresAt, RevokedAt = revokedAt, Scopes = scopes,
        };
        await using var context = Context(database);
        context.ApiKeys.Add(key);
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        return new IssuedKey(key.Id, secret);
    }

    internal ShabouContext Context(string? connectionString = null) =>
        new(new DbContextOptionsBuilder<ShabouContext>().UseNpgsql(connectionString ?? ConnectionString).Options);

    /// <summary>A database with the schema and no rows, for a test that needs nobody else's; its connection string.</summary>
    internal async Task<string> NewDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE fresh");
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await StopAsync(CancellationToken.None);
        _folder.Delete(recursive: true);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} ended with code {process.ExitCode}.");
    }

    private static Process Start(string program, string[] arguments)
    {
        var inside = Path.Combine(Programs, program);
        (program, arguments) = !File.Exists(inside) ? (program, arguments)
            : Environment.IsPrivilegedProcess ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", inside, .. arguments])
            : (inside, arguments);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static string FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(Directory.Exists(Debian) ? Directory.EnumerateDirectories(Debian).OrderDescending().Select(version => Path.Combine(version, "bin")) : []);
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException("initdb was not found: apt-get install -y postgresql");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
