using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>The built gateway as a process of its own, to be ended and killed like one.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);
    private readonly TestCertificate _certificate = new();
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private GatewayProcess(IEnumerable<(string Key, string? Value)> settings)
    {
        // In its own folder, beside its own dependencies and settings: the copy in the tests' folder has theirs.
        var folder = AppContext.BaseDirectory.Replace(System.IO.Path.Combine("tests", "Gateway.Tests"), "Gateway", StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet", ["exec", System.IO.Path.Combine(folder, "Gateway.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        (string Key, string? Value)[] own =
        [
            ("ASPNETCORE_ENVIRONMENT", "Development"), ("ASPNETCORE_URLS", "https://127.0.0.1:0"), ("Identity:MasterKey", GatewayHost.MasterKey),
            ("Kestrel:Certificates:Default:Path", _certificate.Path), ("Kestrel:Certificates:Default:KeyPath", _certificate.KeyPath),
            ("Logging:LogLevel:Default", "Warning"), ("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information"), // says where it listens
        ];
        foreach (var (key, value) in own.Concat(settings))
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        _process = Process.Start(start)!;
        _process.EnableRaisingEvents = true;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => _process.WaitForExitAsync().ContinueWith(_ => _lines.Writer.TryComplete(), TaskScheduler.Default);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal Uri Address { get; private set; } = new("https://127.0.0.1");

    internal static async Task<GatewayProcess> StartAsync(IEnumerable<(string Key, string? Value)> settings)
    {
        var gateway = new GatewayProcess(settings);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(StartLimit);
        var said = new List<string>();
        try
        {
            await foreach (var line in gateway._lines.Reader.ReadAllAsync(limit.Token))
            {
                said.Add(line);
                if (Listening().Match(line) is not { Success: true } address)
                    continue;
                gateway.Address = new Uri(address.Value);
                return gateway;
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            said.Add($"and that for {StartLimit}"); // below, with what it did say
        }
        await gateway.DisposeAsync();
        throw new InvalidOperationException($"The gateway does not listen: {string.Join('\n', said)}");
    }

    /// <summary>Starts one that ends by itself.</summary>
    internal static async Task<(int ExitCode, string Said)> RunAsync(IEnumerable<(string Key, string? Value)> settings)
    {
        await using var gateway = new GatewayProcess(settings);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(StartLimit);
        await gateway._process.WaitForExitAsync(limit.Token);
        var said = await gateway._lines.Reader.ReadAllAsync(limit.Token).ToListAsync(limit.Token);
        return (gateway._process.ExitCode, string.Join('\n', said));
    }

    /// <param name="key">Sent with each request, unless null.</param>
    internal HttpClient Client(IssuedKey? key = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => Presents(certificate) } }) { BaseAddress = Address };
        if (key is not null)
            client.DefaultRequestHeaders.Add(Shabou.Gateway.Identity.ApiKeys.Header, key.Secret);
        return client;
    }

    /// <summary>SIGTERM: please end.</summary>
    internal void Terminate() => Process.Start("kill", ["-TERM", $"{_process.Id}"]).Dispose();

    internal async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: nothing is put in order.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        _certificate.Dispose();
    }

    private bool Presents(X509Certificate? certificate) => _certificate.Is(certificate);

    private void Hear(string? line)
    {
        if (line is not null)
            _lines.Writer.TryWrite(line);
    }

    [GeneratedRegex(@"https://127\.0\.0\.1:\d+")] private static partial Regex Listening();
}
