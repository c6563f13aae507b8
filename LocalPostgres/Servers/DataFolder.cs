using System.Globalization;
using Shabou.LocalPostgres.Programs;

namespace Shabou.LocalPostgres.Servers;

/// <summary>A folder with a server's data.</summary>
/// <param name="Path">Absolute.</param>
public sealed record DataFolder(string Path)
{
    /// <summary>Whether it has a server's data.</summary>
    public bool IsServer => File.Exists(System.IO.Path.Combine(Path, "PG_VERSION"));

    private string PidFile => System.IO.Path.Combine(Path, "postmaster.pid");

    /// <summary>Process id of the server that runs on it, or null.</summary>
    /// <remarks>A server that was killed leaves its file, and its id may since belong to somebody else, so that process is asked what it is.</remarks>
    public int? RunningServer() =>
        ReadPidFile() is [var first, ..] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && IsPostgres(id) ? id : null;

    /// <summary>Removes what a killed server left, at which the next one would stop.</summary>
    public void ClearStaleLock()
    {
        if (RunningServer() is null) File.Delete(PidFile);
    }

    /// <summary>Ends the server that runs on it at once, as when the power goes.</summary>
    public void KillServer()
    {
        if (RunningServer() is { } id) _ = Native.Signal(id, Native.Quit);
    }

    /// <summary>starting, ready, standby, stopping; null when nothing runs on it.</summary>
    internal string? Status() => RunningServer() is not null && ReadPidFile() is { Length: >= 8 } lines ? lines[7].Trim() : null;

    /// <summary>Makes a new server's data in it.</summary>
    /// <param name="programs">Has initdb.</param>
    /// <param name="superuser">Its first role; without a password, so reach it by a socket that only we can enter, or set one.</param>
    /// <param name="cancellationToken">Stops initdb.</param>
    /// <exception cref="LocalPostgresException">initdb is missing or failed.</exception>
    public async Task InitializeAsync(PostgresPrograms programs, string superuser, CancellationToken cancellationToken)
    {
        CreatePrivate(Path);
        await RunningProgram.RunAsync(programs.Require("initdb"),
            ["-D", Path, "-U", superuser, "--auth=trust", "--encoding=UTF8", OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--locale=en_US.UTF-8", "--no-sync"], user: ServerUser.Needed, cancellationToken: cancellationToken);
    }

    /// <summary>A new folder that only the server's user can enter.</summary>
    public static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        ServerUser.Needed?.Own(folder);
    }

    private string[]? ReadPidFile()
    {
        try
        {
            return File.ReadAllLines(PidFile);
        }
        catch (IOException)
        {
            return null; // there is none, or it went just now
        }
    }

    private static bool IsPostgres(int id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return process.ProcessName is "postgres" or "postmaster";
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
