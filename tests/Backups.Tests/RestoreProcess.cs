using System.Diagnostics;

namespace Shabou.Backups.Tests;

/// <summary>The command line as the script <c>restore</c> starts it.</summary>
internal static class RestoreProcess
{
    public static async Task<(int ExitCode, string Output)> RunAsync(string backups, string? answer, params string[] args)
    {
        var folder = AppContext.BaseDirectory.Replace(Path.Combine("tests", "Backups.Tests"), "BackupService", StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "BackupService.dll"), "restore", .. args])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["Backups__Folder"] = backups;
        start.Environment["Backups__KeepFree"] = "0";
        using var process = Process.Start(start)!;
        if (answer is not null) await process.StandardInput.WriteLineAsync(answer);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, await output + await error);
    }
}
