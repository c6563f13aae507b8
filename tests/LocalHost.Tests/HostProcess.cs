using System.Diagnostics;
using System.Net.Http.Headers;
using System.Threading.Channels;

namespace Shabou.LocalHost.Tests;

/// <summary>A host as its own process, as a user starts it, with a data folder of its own. Whatever is left of it ends with the test.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _output = [];

    private HostProcess(Process process, DataFolder folder)
    {
        _process = process;
        Folder = folder;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public DataFolder Folder { get; }

    public int Id => _process.Id;

    /// <summary>Everything printed so far.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_output)
                return [.. _output];
        }
    }

    public static HostProcess Start(DataFolder folder, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SampleHost.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LocalHost__DataFolder"] = folder.Path;
        return new(Process.Start(start)!, folder);
    }

    /// <summary>Waits for the line Ready and the address of the page that follows it.</summary>
    public async Task<HttpClient> UntilReadyAsync(CancellationToken cancellationToken)
    {
        await UntilLineAsync(line => line == "Ready", cancellationToken);
        var page = await UntilLineAsync(line => line.TrimStart().StartsWith("page ", StringComparison.Ordinal), cancellationToken);
        var address = new Uri(page.Trim()[4..].Trim());
        return new()
        {
            BaseAddress = new(address.GetLeftPart(UriPartial.Authority)),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", address.Query.Split('=')[1]) },
        };
    }

    public async Task<string> UntilLineAsync(Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
            {
                if (isWanted(line))
                    return line;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Said below, with what was printed instead.
        }

        throw new TimeoutException($"The line did not come. Printed:\n{string.Join('\n', Output)}");
    }

    /// <summary>Waits until the host has ended.</summary>
    public async Task<int> UntilExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(s_patience, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>The system's polite way to end a program.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{_process.Id}"]).WaitForExit();

    /// <summary>Ends the host, and only the host, without a chance to clean up.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await UntilExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Terminate();
            await UntilExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.Add(line);
        _lines.Writer.TryWrite(line);
    }
}
