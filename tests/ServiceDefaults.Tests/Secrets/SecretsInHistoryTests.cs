using System.Diagnostics;

namespace Shabou.ServiceDefaults.Tests.Secrets;

public sealed class SecretsInHistoryTests : IDisposable
{
    private readonly DirectoryInfo _repository = Directory.CreateTempSubdirectory("shabou-history-");

    public void Dispose() => _repository.Delete(recursive: true);

    [Theory]
    [InlineData("AKIA", "IOSFODNN7EXAMPLE")]
    [InlineData("-----BEGIN EC ", "PRIVATE KEY-----")]
    [InlineData("\"ServiceSecret\": \"", "k3Jx9mQ2vL7tR4wZ8pN5cB1sD6fG0hYa\"")]
    [InlineData("ghp_", "k3Jx9mQ2vL7tR4wZ8pN5cB1sD6fG0hYaEiOu")]
    public async Task A_key_that_was_once_committed_is_found_although_it_was_deleted(string before, string after)
    {
        await CommitAsync("settings.json", before + after);
        await CommitAsync("settings.json", "{}");
        var (code, said) = await ScanAsync();
        Assert.Equal(1, code);
        Assert.Contains("settings.json", said, StringComparison.Ordinal);
        Assert.DoesNotContain(after.Trim('"'), said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ordinary_settings_are_not_taken_for_secrets()
    {
        await CommitAsync("settings.json", """{ "Password": "", "TokenLifetime": "00:15:00", "KeyPath": "/etc/shabou/gateway.key" }""");
        var (code, said) = await ScanAsync();
        Assert.True(code == 0, said);
    }

    private async Task CommitAsync(string file, string text)
    {
        if (!Directory.Exists(Path.Combine(_repository.FullName, ".git"))) await RunAsync("git", "init", "-q", _repository.FullName);
        await File.WriteAllTextAsync(Path.Combine(_repository.FullName, file), text, TestContext.Current.CancellationToken);
        await RunAsync("git", "-C", _repository.FullName, "add", ".");
        await RunAsync("git", "-C", _repository.FullName, "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-q", "-m", "Change the settings");
    }

    private async Task<(int Code, string Said)> ScanAsync()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Shabou.slnx"))) root = root.Parent ?? throw new InvalidOperationException("The repository's root is not above the tests.");
        return await RunAsync(Path.Combine(root.FullName, "tests/secrets-in-history"), _repository.FullName);
    }

    private static async Task<(int Code, string Said)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
