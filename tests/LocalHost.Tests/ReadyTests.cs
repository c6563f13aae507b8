namespace Shabou.LocalHost.Tests;

public sealed class ReadyTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ready_is_said_before_that_begins_which_waits_for_what_users_reach()
    {
        await using var host = HostProcess.Start(_folder, "--Later=true");
        await host.UntilLineAsync(line => line.StartsWith("later | [Running", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var lines = host.Output.ToList();
        var begun = lines.FindIndex(line => line.StartsWith("later | [Starting", StringComparison.Ordinal) || line.StartsWith("later | [Running", StringComparison.Ordinal));
        Assert.InRange(lines.IndexOf("Ready"), 0, begun - 1);
    }
}
