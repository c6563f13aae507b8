using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Shabou.EndToEnd.Tests;

/// <summary>The primary's server and all its processes.</summary>
internal static class PostgresProcesses
{
    /// <summary>kill -KILL, -STOP or -CONT.</summary>
    public static async Task SignalAsync(ShabouApp app, string signal)
    {
        Assert.True(app.App.ResourceNotifications.TryGetCurrentState("postgres", out var state));
        var server = (int)state.Snapshot.Properties.Single(p => p.Name == "pid").Value!;
        var children = (await File.ReadAllTextAsync($"/proc/{server}/task/{server}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using var kill = Process.Start("/bin/kill", [$"-{signal}", server.ToString(CultureInfo.InvariantCulture), .. children]);
        await kill.WaitForExitAsync();
    }
}
