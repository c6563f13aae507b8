using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace Shabou.Bench;

/// <summary>The system started by the command a user types, in a data folder of its own.</summary>
internal sealed partial class RunningSystem : IAsyncDisposable
{
    private const string AdminKey = "bench-admin-key-0123456789-0123456789-abcdef";
    private readonly Process _host;

    private RunningSystem(Process host, TimeSpan untilReady, string gateway, string? authority)
    {
        (_host, UntilReady) = (host, untilReady);
        var handler = new SocketsHttpHandler();
        if (authority is not null)
        {
            var ca = X509CertificateLoader.LoadCertificateFromFile(authority);
            handler.SslOptions.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { ca }, RevocationMode = X509RevocationMode.NoCheck };
        }
        Client = new(handler) { BaseAddress = new(gateway), DefaultRequestHeaders = { { "X-Api-Key", AdminKey } } };
    }

    /// <summary>From the start of the process to the line Ready.</summary>
    public TimeSpan UntilReady { get; }

    /// <summary>Signed in at the gateway.</summary>
    public HttpClient Client { get; }

    /// <summary>An empty folder that PostgreSQL's own user can reach, unlike .NET's private temporary ones.</summary>
    public static string NewDataFolder() => Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"shabou-bench-{Guid.NewGuid():N}")).FullName;

    public static async Task<RunningSystem> StartAsync(string root, string dataFolder, string configuration, int demoParts, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", ["run", "--project", "AppHost", "-c", configuration, "--no-build"])
        {
            WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["LocalHost__DataFolder"] = dataFolder;
        start.Environment["Backups__Folder"] = Path.Combine(dataFolder, "backups");
        start.Environment["Parameters__admin_api_key"] = AdminKey;
        start.Environment["DemoParts"] = demoParts.ToString(CultureInfo.InvariantCulture); // Migrator inherits it
        foreach (var (name, value) in settings) start.Environment[name] = value;
        var clock = Stopwatch.StartNew();
        var host = Process.Start(start)!;
        host.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        host.BeginErrorReadLine();
        string gateway = "", all = "";
        string? authority = null;
        var ready = TimeSpan.Zero;
        while (await host.StandardOutput.ReadLineAsync() is { } line)
        {
            all += line + "\n";
            if (line.StartsWith("Ready", StringComparison.Ordinal)) ready = clock.Elapsed;
            if (ready == TimeSpan.Zero) continue;
            if (GatewayUrl().Match(line) is { Success: true } url && gateway.Length == 0) gateway = url.Value;
            if (CaPath().Match(line) is { Success: true } ca) authority = ca.Value;
            if (gateway.Length > 0 && authority is not null) break;
        }
        if (gateway.Length == 0) throw new InvalidOperationException($"The system did not become ready:\n{all}");
        _ = Task.Run(async () => { while (await host.StandardOutput.ReadLineAsync() is not null) { } });
        return new(host, ready, gateway, authority);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _ = Kill(_host.Id, 15); // as Ctrl+C: everything stops in order
        await _host.WaitForExitAsync();
        _host.Dispose();
    }

    [GeneratedRegex("https://localhost:[0-9]+")] private static partial Regex GatewayUrl();
    [GeneratedRegex(@"/\S+\.pem")] private static partial Regex CaPath();

    [LibraryImport("libc", EntryPoint = "kill")] private static partial int Kill(int process, int signal);
}
