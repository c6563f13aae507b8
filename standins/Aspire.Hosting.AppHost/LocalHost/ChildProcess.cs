using System.Diagnostics;

namespace Aspire.Hosting.LocalHost;

/// <summary>A running program, in a session of its own so that Ctrl+C in the terminal reaches only the host, which then stops it in order.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly string? s_setsid = OperatingSystem.IsLinux() ? Executables.Find("setsid") : null;
    private readonly Process _process;
    private readonly LocalProgram _program;

    private ChildProcess(Process process, LocalProgram program, Action<string, bool> output)
    {
        _process = process;
        _program = program;
        Exited = WaitAsync(PumpAsync(process.StandardOutput, output, isError: false), PumpAsync(process.StandardError, output, isError: true));
    }

    public int Id => _process.Id;

    /// <summary>Ends with the exit code when the process has ended and its output is read.</summary>
    public Task<int> Exited { get; }

    public static ChildProcess Start(LocalProgram program, Action<string, bool> output)
    {
        List<string> command = [];
        if (s_setsid is not null)
            command.Add(s_setsid);
        if (program.User is { } user)
            command.AddRange(user.Command);
        command.Add(program.FileName);
        command.AddRange(program.Arguments);

        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = program.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in program.Environment)
            start.Environment[name] = value;

        var process = Process.Start(start)!;
        if (program.Input is { } input)
            process.StandardInput.Write(input);
        process.StandardInput.Close();
        return new(process, program, output);
    }

    /// <summary>Asks the process to end, and kills it after the grace time.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (Exited.IsCompleted)
            return;

        Native.Signal(Id, _program.StopSignal);
        try
        {
            await Exited.WaitAsync(grace);
        }
        catch (TimeoutException)
        {
            Native.Signal(Id, Native.Kill);
            await Exited;
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> WaitAsync(params Task[] pumps)
    {
        await _process.WaitForExitAsync();
        // A grandchild may hold the pipe open; what it still says is not worth waiting for.
        await Task.WhenAny(Task.WhenAll(pumps), Task.Delay(TimeSpan.FromSeconds(1)));
        return _process.ExitCode;
    }

    private static async Task PumpAsync(StreamReader reader, Action<string, bool> output, bool isError)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                output(line, isError);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The process is gone.
        }
    }
}
