using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>The gateway as a process of its own, for what must be measured apart from the test: memory, processor time, and that it lives.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly TestCertificate _certificate = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private GatewayProcess((string Key, string? Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Gateway.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = ContentRoot(),
        };
        (string Key, string? Value)[] all =
        [
            ("ASPNETCORE_ENVIRONMENT", "Development"), ("ASPNETCORE_URLS", "https://127.0.0.1:0"), ("Identity:MasterKey", GatewayHost.MasterKey),
            ("Kestrel:Certificates:Default:Path", _certificate.Path), ("Kestrel:Certificates:Default:KeyPath", _certificate.KeyPath),
            ("Logging:LogLevel:Default", "Warning"), ("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information"), .. settings,
        ];
        foreach (var (key, value) in all)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException("The gateway did not start.");
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal Uri Https => _listening.Task.Result;

    internal bool Lives => !_process.HasExited;

    /// <summary>Bytes of memory that it has now.</summary>
    internal long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Time that it has computed so far.</summary>
    internal TimeSpan Computed
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    internal static async Task<GatewayProcess> StartAsync(params (string Key, string? Value)[] settings)
    {
        var gateway = new GatewayProcess(settings);
        await gateway._listening.Task.WaitAsync(StartLimit, TestContext.Current.CancellationToken);
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _certificate.Dispose();
    }

    private void Read(string? line)
    {
        if (line is not null && Listening().Match(line) is { Success: true } match)
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
    }

    // Where the test host of ASP.NET Core looks for it too.
    private static string ContentRoot()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "MvcTestingAppManifest.json")));
        return manifest.RootElement.EnumerateObject().Single(entry => entry.Name.StartsWith("Gateway,", StringComparison.Ordinal)).Value.GetString()!;
    }

    [GeneratedRegex(@"(?<address>https://127\.0\.0\.1:\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Listening();
}
