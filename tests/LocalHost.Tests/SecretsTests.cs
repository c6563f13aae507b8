namespace Shabou.LocalHost.Tests;

public sealed class SecretsTests(RunningHost host)
{
    [Fact]
    public void Secrets_and_keys_can_be_read_by_their_owner_only()
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner, File.GetUnixFileMode(host.Folder.Secrets));
        Assert.Equal(owner, File.GetUnixFileMode(Path.Combine(host.Folder.Path, "certificates", "localhost.key")));
    }

    [Fact]
    public void No_secret_stands_in_the_process_list()
    {
        var secrets = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(host.Folder.Secrets))!.Values;
        var commands = host.Folder.RecordedProcesses().Select(id => File.ReadAllText($"/proc/{id}/cmdline")).ToList();

        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.All(secrets, secret => Assert.DoesNotContain(secret, command, StringComparison.Ordinal)));
    }
}
