using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Shabou.EndToEnd.Tests;

/// <summary>The primary's server and all its processes.</summary>
internal static class PostgresProcesses
{
    /// <summary>The folder of its data, in which it works.</summary>
    public static string DataOf(ShabouApp app) => File.ResolveLinkTarget($"/proc/{ServerOf(app)}/cwd", returnFinalTarget: true)!.FullName;

    /// <summary>kill -KILL, -STOP or -CONT.</summary>
    public static async Task SignalAsync(ShabouApp app, string signal)
    {
        var server = ServerOf(app);
        var children = (await File.ReadAllTextAsync($"/proc/{server}/task/{server}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using var kill = Process.Start("/bin/kill", [$"-{signal}", server.ToString(CultureInfo.InvariantCulture), .. children]);
        await kill.WaitForExitAsync();
    }

    private static int ServerOf(ShabouApp app)
    {
        Assert.True(app.App.ResourceNotifications.TryGetCurrentState("postgres", out var state));
        var id = state.Snapshot.Properties.SingleOrDefault(p => p.Name == "executable.pid")?.Value;
        Assert.SkipWhen(id is null, "PostgreSQL is a container here: its processes are not ours to signal.");
        return Convert.ToInt32(id, CultureInfo.InvariantCulture);
    }
}
