using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Testing;
using Npgsql;

namespace Shabou.EndToEnd.Tests;

/// <summary>R16: who stands outside, in a network namespace of its own with a wire to this machine, finds none of the ports behind the gateway.</summary>
public sealed class SecondNetworkTests(ShabouApp app) : IAsyncLifetime
{
    private readonly string _name = $"sh{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
    private readonly IPAddress _here = new([10, 203, (byte)(Environment.ProcessId % 250), 1]);
    private readonly IPAddress _there = new([10, 203, (byte)(Environment.ProcessId % 250), 2]);
    private string? _missing;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string[][] steps =
        [
            ["ip", "netns", "add", _name],
            ["ip", "link", "add", $"{_name}a", "type", "veth", "peer", "name", $"{_name}b", "netns", _name],
            ["ip", "addr", "add", $"{_here}/30", "dev", $"{_name}a"],
            ["ip", "link", "set", $"{_name}a", "up"],
            ["ip", "-n", _name, "addr", "add", $"{_there}/30", "dev", $"{_name}b"],
            ["ip", "-n", _name, "link", "set", $"{_name}b", "up"],
        ];
        foreach (var step in steps)
            if (_missing is null && await RunAsync(step) is { Code: not 0 } failed)
                _missing = $"'{string.Join(' ', step)}' failed: {failed.Said.Trim()}";
    }

    public async ValueTask DisposeAsync() => await RunAsync("ip", "netns", "del", _name); // and its wire with it

    [Fact]
    public async Task From_outside_no_service_no_database_and_no_Redis_can_be_reached()
    {
        Assert.SkipWhen(_missing is not null, $"A second network needs root and iproute2. {_missing}");
        using var open = new TcpListener(IPAddress.Any, 0);
        open.Start();
        Assert.True(await ReachesAsync(((IPEndPoint)open.LocalEndpoint).Port), "The wire does not carry.");

        var postgres = new NpgsqlConnectionStringBuilder(await app.App.GetConnectionStringAsync("shabou", Cancelled)).Port;
        var redis = int.Parse((await app.App.GetConnectionStringAsync("redis", Cancelled))!.Split(',')[0].Split(':')[^1], CultureInfo.InvariantCulture);
        List<(string Name, int Port)> behind = [("postgres", postgres), ("redis", redis)];
        foreach (var service in (string[])["catalog", "forecast", "prospector", "places"])
            foreach (var scheme in (string[])["http", "https"])
                if (Endpoint(service, scheme) is { } port)
                    behind.Add((service, port));
        Assert.True(behind.Count >= 6, "Each service has a port.");
        foreach (var (name, port) in behind)
            Assert.False(await ReachesAsync(port), $"{name} answers strangers on port {port}.");
    }

    private int? Endpoint(string service, string scheme)
    {
        try
        {
            return app.App.GetEndpoint(service, scheme).Port;
        }
        catch (ArgumentException)
        {
            return null; // it has none of this scheme
        }
    }

    private async Task<bool> ReachesAsync(int port) =>
        await RunAsync("ip", "netns", "exec", _name, "timeout", "3", "bash", "-c", $"exec 3<>/dev/tcp/{_here}/{port}") is { Code: 0 };

    private static async Task<(int Code, string Said)> RunAsync(params string[] command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var said = await process.StandardError.ReadToEndAsync(Cancelled);
            await process.WaitForExitAsync(Cancelled);
            return (process.ExitCode, said);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return (-1, error.Message);
        }
    }
}
