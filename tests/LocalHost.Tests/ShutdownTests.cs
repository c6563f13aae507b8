using System.Diagnostics;

namespace Shabou.LocalHost.Tests;

public sealed class ShutdownTests : IDisposable
{
    private readonly DataFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_stops_in_reverse_order_within_ten_seconds_even_what_refuses_to()
    {
        await using var host = HostProcess.Start(_folder, "--Stubborn=true");
        using var page = await host.UntilReadyAsync(Token);
        var started = _folder.RecordedProcesses();

        var clock = Stopwatch.StartNew();
        host.Terminate();
        Assert.Equal(0, await host.UntilExitAsync(Token));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.All(started, process => Assert.False(DataFolder.IsAlive(process)));
        Assert.Empty(_folder.RecordedProcesses());
        var lines = host.Output.ToList();
        Assert.True(IndexOf("front | [Finished") < IndexOf("service-1 | [Stopping]"), "front uses service and must be gone first.");
        Assert.True(IndexOf("service-1 | [Finished") < IndexOf("postgres | [Stopping]"), "service uses postgres and must be gone first.");
        Assert.True(IndexOf("service-2 | [Finished") < IndexOf("redis | [Stopping]"), "service uses redis and must be gone first.");
        Assert.Contains(lines, line => line.Contains("database system is shut down", StringComparison.Ordinal));

        int IndexOf(string start) => lines.FindIndex(line => line.StartsWith(start, StringComparison.Ordinal)) is >= 0 and var index
            ? index : throw new InvalidOperationException($"'{start}' was not printed:\n{string.Join('\n', lines)}");
    }
}
