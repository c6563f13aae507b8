using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Shabou.LocalHost.Tests;

/// <summary>What the host cannot do it says in one sentence that names the thing and the remedy; the exit code is not 0 and nothing is left running.</summary>
public sealed class RefusalTests : IDisposable
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_missing_program_is_named_with_the_command_that_installs_it()
    {
        await using var host = HostProcess.Start(_folder, "--LocalHost:ProgramFolders=/nowhere");

        Assert.Equal(1, await host.UntilExitAsync(Token));

        Assert.Contains(host.Output, line => line.StartsWith("The program '", StringComparison.Ordinal)
            && line.Contains("apt-get install -y", StringComparison.Ordinal) && line.Contains("brew install", StringComparison.Ordinal));
        Assert.Empty(_folder.RecordedProcesses());
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_its_resource()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var host = HostProcess.Start(_folder, $"--FrontPort={port}");

        Assert.Equal(1, await host.UntilExitAsync(Token));

        Assert.Contains(host.Output, line => line.Contains($"Port {port}", StringComparison.Ordinal)
            && line.Contains("'front'", StringComparison.Ordinal) && line.Contains("stop the program", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Output, line => line.Contains("[Running", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(_folder.Path, "a-file");
        await File.WriteAllTextAsync(file, "", Token);
        await using var host = HostProcess.Start(_folder, $"--LocalHost:DataFolder={file}/below");

        Assert.Equal(1, await host.UntilExitAsync(Token));

        Assert.Contains(host.Output, line => line.Contains($"{file}/below", StringComparison.Ordinal) && line.Contains("cannot be written", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Data_made_with_another_password_is_named_with_both_remedies()
    {
        await using (var first = HostProcess.Start(_folder))
        {
            await first.UntilLineAsync(line => line.StartsWith("postgres | [Running, Healthy]", StringComparison.Ordinal), Token);
            first.Terminate();
            Assert.Equal(0, await first.UntilExitAsync(Token));
        }

        var secrets = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(_folder.Secrets, Token))!;
        secrets["Parameters:postgres-password"] = "not-the-password";
        await File.WriteAllTextAsync(_folder.Secrets, JsonSerializer.Serialize(secrets), Token);
        await using var second = HostProcess.Start(_folder);

        Assert.Equal(1, await second.UntilExitAsync(Token));

        Assert.Contains(second.Output, line => line.Contains(Path.Combine(_folder.Path, "postgres"), StringComparison.Ordinal)
            && line.Contains("another password", StringComparison.Ordinal) && line.Contains("secrets.json", StringComparison.Ordinal)
            && line.Contains("delete", StringComparison.Ordinal));
        Assert.Empty(_folder.RecordedProcesses());
    }
}
