using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Shabou.Testing;

/// <summary>A built service as a process of its own, to be killed like one.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Uri _address;
    private readonly ChannelReader<string> _said;

    private ServiceProcess(Process process, Uri address, ChannelReader<string> said) => (_process, _address, _said) = (process, address, said);

    /// <param name="service">Name of its project; the calling tests are in <c>tests/{service}.Tests</c>.</param>
    /// <param name="settings">Its configuration.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <param name="folder">Where it was built; by default beside the calling tests.</param>
    /// <returns>The process, listening.</returns>
    /// <exception cref="InvalidOperationException">It ended before; the message has what it said.</exception>
    public static async Task<ServiceProcess> StartAsync(string service, IEnumerable<(string Key, string Value)> settings, CancellationToken cancellationToken, string? folder = null)
    {
        // In its own folder, beside its own dependencies and settings: the copy in the tests' folder has theirs.
        folder ??= AppContext.BaseDirectory.Replace(Path.Combine("tests", $"{service}.Tests"), service, StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(folder, $"{service}.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        (string Key, string Value)[] own =
        [
            ("ASPNETCORE_ENVIRONMENT", "Development"), ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
            ("Logging:LogLevel:Default", "Warning"), ("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information"), // says where it listens
        ];
        foreach (var (key, value) in own.Concat(TestTokens.Settings).Concat(settings)) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var process = Process.Start(start)!;
        var said = Channel.CreateUnbounded<string>();
        process.OutputDataReceived += (_, line) => said.Writer.TryWrite(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => said.Writer.TryWrite(line.Data ?? "");
        process.Exited += (_, _) => said.Writer.TryComplete();
        process.EnableRaisingEvents = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        var lines = new List<string>();
        try
        {
            await foreach (var line in said.Reader.ReadAllAsync(limit.Token))
            {
                if (Listening().Match(line) is { Success: true } address) return new(process, new(address.Value), said.Reader);
                lines.Add(line);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // said below, with what it did say
        }
        if (!process.HasExited) process.Kill();
        throw new InvalidOperationException($"The service does not listen: {string.Join('\n', lines)}");
    }

    /// <summary>A client that the gateway has let in.</summary>
    public HttpClient SignedIn() => new HttpClient { BaseAddress = _address }.SignIn();

    /// <summary>What it has written since it was asked last.</summary>
    public string Said()
    {
        var lines = new List<string>();
        while (_said.TryRead(out var line)) lines.Add(line);
        return string.Join('\n', lines);
    }

    /// <summary>SIGKILL: nothing is caught, nothing is put in order.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")] private static partial Regex Listening();
}
