using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Shabou.Schema.Tests.Tls;

/// <summary>A PostgreSQL of its own that lets nobody in without TLS, or one that has no TLS. It never runs as root.</summary>
public sealed class TlsServer : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly string Programs = Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")).First(folder => File.Exists(Path.Combine(folder, "initdb")));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shabou-tls-");
    private readonly TestAuthority _authority = new("Shabou test authority");
    private readonly TestAuthority _other = new("Another authority");
    private readonly int _port = FreePort();
    private Process? _process;

    /// <summary>The authority that issued what the server shows, and one that did not.</summary>
    public string Authority => Path.Combine(_folder.FullName, "ca.pem");
    public string OtherAuthority => Path.Combine(_folder.FullName, "other.pem");

    /// <summary>Of the superuser, whose password is in no need of being secret.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=postgres;Password=superuser;Database=postgres;Timeout=5;Pooling=false");

    public string Verified(string? authority = null) => $"{ConnectionString};SSL Mode=VerifyFull;Root Certificate={authority ?? Authority}";

    private string Data => Path.Combine(_folder.FullName, "data");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Authority, _authority.Pem);
        await File.WriteAllTextAsync(OtherAuthority, _other.Pem);
        var password = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(password, "superuser");
        await OwnAsync(_folder.FullName, password);
        await RunAsync("initdb", ["-D", Data, "-U", "postgres", "--auth=scram-sha-256", $"--pwfile={password}", "--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C.UTF-8"]);
    }

    /// <summary>Starts it anew, with a certificate for a host or, when null, without TLS.</summary>
    public async Task StartAsync(string? host, DateTimeOffset? until = null)
    {
        await StopAsync();
        var rules = Path.Combine(_folder.FullName, "hba.conf");
        await File.WriteAllTextAsync(rules, $"{(host is null ? "host" : "hostssl")} all all 127.0.0.1/32 scram-sha-256\n");
        await OwnAsync(rules);
        List<string> arguments = ["-D", Data, "-p", $"{_port}", "-k", "", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", $"hba_file={rules}"];
        if (host is not null)
        {
            var (certificate, key) = _authority.Issue(host, until);
            var (certificateFile, keyFile) = (Path.Combine(_folder.FullName, "server.pem"), Path.Combine(_folder.FullName, "server.key"));
            await File.WriteAllTextAsync(certificateFile, certificate);
            await File.WriteAllTextAsync(keyFile, key);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await OwnAsync(certificateFile, keyFile);
            arguments.AddRange(["-c", "ssl=on", "-c", $"ssl_cert_file={certificateFile}", "-c", $"ssl_key_file={keyFile}"]);
        }
        _process = Start("postgres", arguments);
        using var limit = new CancellationTokenSource(StartLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await AnswersAsync(limit.Token))
        {
            Assert.False(_process.HasExited, "postgres ended while it started.");
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
        _authority.Dispose();
        _other.Dispose();
    }

    private async Task StopAsync()
    {
        if (_process is null) return;
        await RunAsync("kill", ["-INT", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";SSL Mode=Prefer");
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task OwnAsync(params string[] paths)
    {
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", ["postgres", .. paths]);
    }

    private static async Task RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with code {process.ExitCode}.");
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var inside = Path.Combine(Programs, program);
        (program, arguments) = !File.Exists(inside) ? (program, arguments)
            : Environment.IsPrivilegedProcess ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", inside, .. arguments])
            : (inside, arguments);
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
