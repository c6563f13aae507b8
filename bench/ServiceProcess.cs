using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shabou.Testing;

namespace Shabou.Bench;

/// <summary>A program of its own on a free port, as in production: not in the process of whoever measures it.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    /// <summary>As the gateway would send it: one for all requests, so that its signature is checked once.</summary>
    public static readonly string Token = TestTokens.Signer.Token(subject: "bench");

    private readonly Process _process;

    private ServiceProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>Signed in as the gateway would.</summary>
    public HttpClient Client => new() { BaseAddress = new($"http://127.0.0.1:{Port}"), DefaultRequestHeaders = { Authorization = new("Bearer", Token) }, Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>Resident memory in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static Task<ServiceProcess> CatalogAsync(string database, string redis) => StartAsync(["CatalogApi.dll"], "/health", new()
    {
        ["ConnectionStrings__shabou"] = database, ["ConnectionStrings__redis"] = redis, ["Tokens__KeySet"] = TestTokens.KeySet, ["Cursors__Key"] = TestTokens.CursorKey, ["ASPNETCORE_ENVIRONMENT"] = "Development",
    });

    /// <summary>The simulator of Google Places; it lets in who sends the key.</summary>
    public static Task<ServiceProcess> SimulatorAsync(string key) => StartAsync(["PlacesSimulator.dll"], "/health", new() { ["Places__ApiKey"] = key, ["ASPNETCORE_ENVIRONMENT"] = "Development" });

    public static Task<ServiceProcess> BaselineAsync(string database) => StartAsync(["Bench.dll", "baseline", database], "/products?size=1", []);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<ServiceProcess> StartAsync(string[] program, string readiness, Dictionary<string, string> environment)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, program[0]), .. program[1..], .. program.Length > 1 ? [port.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>()])
        {
            RedirectStandardOutput = true, WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var ready = await client.GetAsync(readiness);
                if (ready.IsSuccessStatusCode) return new(process, port);
            }
            catch (HttpRequestException) when (!process.HasExited && attempt < 300)
            {
                // not listening yet
            }
            if (process.HasExited || attempt >= 300) throw new InvalidOperationException($"{program[0]} did not become ready.");
            await Task.Delay(100);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
