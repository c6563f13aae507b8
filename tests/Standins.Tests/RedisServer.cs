using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Shabou.Standins.Tests;

/// <summary>A redis-server of its own for one test class: a free port, a folder that goes with it, nothing on disk.</summary>
public class RedisServer : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private Process? _process;

    public int Port { get; } = FreePort();

    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("shabou-redis-");

    protected virtual IEnumerable<string> Arguments => ["--port", $"{Port}"];

    public virtual ValueTask InitializeAsync() => StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        string[] common = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Folder.FullName, "--loglevel", "warning"];
        var start = new ProcessStartInfo("redis-server", [.. Arguments, .. common]) { RedirectStandardOutput = true };
        _process = Process.Start(start) ?? throw new InvalidOperationException("redis-server did not start.");
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (!await AnswersAsync(limit.Token))
        {
            Assert.False(_process.HasExited, $"redis-server on port {Port} ended with code {(_process.HasExited ? _process.ExitCode : 0)}.");
            await Task.Delay(20, limit.Token);
        }
    }

    public async Task KillAsync(CancellationToken cancellationToken)
    {
        var process = _process ?? throw new InvalidOperationException("The server is not running.");
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
        process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync(CancellationToken.None);
        Folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
