using System.Diagnostics;

namespace Shabou.Schema.Tests;

public sealed class RiskReviewTests : IDisposable
{
    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("shabou-risks-");

    public RiskReviewTests()
    {
        foreach (var file in new[] { "Directory.Packages.props", "Directory.Build.props", "tests/risks-reviewed", "docs/risks-reviewed.txt" }) Copy(file);
        foreach (var migration in Directory.EnumerateFiles(Path.Combine(Root, "Schema", "Migrations"), "2*.cs")) Copy(Path.GetRelativePath(Root, migration));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static string Root { get; } = Find();

    [Fact]
    public async Task As_committed_it_is_content()
    {
        var (exitCode, output) = await RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Contains("no package and no migration has changed since", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_version_of_a_package_asks_for_a_look_at_the_risks()
    {
        var packages = PathOf("Directory.Packages.props");
        var text = await File.ReadAllTextAsync(packages, Cancelled);
        await File.WriteAllTextAsync(packages, text.Replace("\"CsvHelper\" Version=\"34.0.0\"", "\"CsvHelper\" Version=\"35.0.0\"", StringComparison.Ordinal), Cancelled);
        var (exitCode, output) = await RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("gone package CsvHelper 34.0.0", output, StringComparison.Ordinal);
        Assert.Contains("new package CsvHelper 35.0.0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_migration_asks_for_it_too_until_the_look_is_noted()
    {
        await File.WriteAllTextAsync(PathOf("Schema/Migrations/29990101000000_Later.cs"), "", Cancelled);
        var (exitCode, output) = await RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("new migration 29990101000000_Later", output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("--write")).ExitCode);
        Assert.Equal(0, (await RunAsync()).ExitCode);
    }

    [Fact]
    public async Task Without_its_record_it_says_so()
    {
        File.Delete(PathOf("docs/risks-reviewed.txt"));
        var (exitCode, output) = await RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("docs/risks-reviewed.txt is missing", output, StringComparison.Ordinal);
    }

    public void Dispose() => _copy.Delete(recursive: true);

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] options)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", [PathOf("tests/risks-reviewed"), .. options, _copy.FullName]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(Cancelled);
        return (process.ExitCode, await output + await error);
    }

    private string PathOf(string file) => Path.Combine(_copy.FullName, file);

    private void Copy(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.Copy(Path.Combine(Root, file), PathOf(file));
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Shabou.slnx"))) return folder.FullName;
        throw new InvalidOperationException("Shabou.slnx was not found above the tests.");
    }
}
