using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Shabou.Jobs.Tests;

/// <summary>A worker as a process of its own, to be killed or stopped like one.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    /// <summary>Beside its own dependencies: the copy in the tests' folder has theirs.</summary>
    private static string Built { get; } = Path.Combine(AppContext.BaseDirectory.Replace("Jobs.Tests", "JobsWorker", StringComparison.Ordinal), "JobsWorker.dll");

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static WorkerProcess Start(string database, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Built]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["Logging__LogLevel__Default"] = "Error";
        start.Environment["ConnectionStrings__shabou"] = new NpgsqlConnectionStringBuilder(database) { MaxPoolSize = 10 }.ConnectionString;
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process);
    }

    /// <summary>SIGKILL: nothing is put in order.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP, SIGCONT or SIGTERM.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public Task<bool> ExitsAsync(int seconds) => Task.Run(() => _process.WaitForExit(TimeSpan.FromSeconds(seconds)));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }
}
