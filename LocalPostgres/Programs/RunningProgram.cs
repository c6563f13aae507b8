using System.Diagnostics;

namespace Shabou.LocalPostgres.Programs;

/// <summary>One of PostgreSQL's programs, running; in a session of its own, so that Ctrl+C in the terminal reaches it only through us.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private const int LinesKept = 50;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly string? s_setsid = File.Exists("/usr/bin/setsid") ? "/usr/bin/setsid" : null;
    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private RunningProgram(Process process, Action<string>? output)
    {
        _process = process;
        Exited = WaitAsync(PumpAsync(process.StandardOutput, output), PumpAsync(process.StandardError, output));
    }

    public int Id => _process.Id;

    /// <summary>Ends with the exit code when the program has ended.</summary>
    public Task<int> Exited { get; }

    /// <summary>What it said last, newest at the end.</summary>
    public IReadOnlyList<string> LastLines
    {
        get { lock (_lines) return [.. _lines]; }
    }

    /// <summary>Starts it.</summary>
    /// <param name="path">From <see cref="PostgresPrograms.Require"/>.</param>
    /// <param name="arguments">Without a password: everybody can read them.</param>
    /// <param name="login">The server it talks to; null for a program that talks to none.</param>
    /// <param name="user">Whom it runs as; null: as this process does.</param>
    /// <param name="output">Hears each line.</param>
    public static RunningProgram Start(string path, IEnumerable<string> arguments, PostgresLogin? login = null, ServerUser? user = null, Action<string>? output = null)
    {
        List<string> command = [.. s_setsid is null ? [] : (string[])[s_setsid], .. user?.Command ?? [], path, .. arguments];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = "/", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C"; // what it says is read
        foreach (var (name, value) in login?.Variables($"shabou-{Path.GetFileName(path)}") ?? []) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process, output);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="LocalPostgresException">It failed; the message has its last words.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        string path, IEnumerable<string> arguments, PostgresLogin? login = null, ServerUser? user = null, CancellationToken cancellationToken = default)
    {
        var lines = new List<string>();
        await using var running = Start(path, arguments, login, user, line => { lock (lines) lines.Add(line); });
        var exitCode = await running.Exited.WaitAsync(cancellationToken);
        return exitCode == 0 ? lines : throw new LocalPostgresException($"{Path.GetFileName(path)} failed: {running.LastWords}");
    }

    /// <summary>The last two lines of it as one sentence.</summary>
    public string LastWords => LastLines is { Count: > 0 } lines ? string.Join(' ', lines.TakeLast(2)).TrimEnd('.') + "." : "it said nothing.";

    /// <summary>Asks it to end; kills it when it does not within ten seconds.</summary>
    public async Task StopAsync(int signal = Native.Terminate)
    {
        if (Exited.IsCompleted) return;
        _ = Native.Signal(Id, signal);
        try
        {
            await Exited.WaitAsync(Grace);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await Exited;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private async Task<int> WaitAsync(params Task[] pumps)
    {
        await _process.WaitForExitAsync();
        // A grandchild may hold the pipe open; what it still says is not worth waiting for.
        await Task.WhenAny(Task.WhenAll(pumps), Task.Delay(TimeSpan.FromSeconds(1)));
        return _process.ExitCode;
    }

    private async Task PumpAsync(StreamReader reader, Action<string>? output)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                _lines.Enqueue(line);
                if (_lines.Count > LinesKept) _lines.Dequeue();
            }
            output?.Invoke(line);
        }
    }
}
