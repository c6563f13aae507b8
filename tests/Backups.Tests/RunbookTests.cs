using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.LocalPostgres.Servers;

namespace Shabou.Backups.Tests;

/// <summary>Docs/runbooks/backup-and-restore.md, done as it is written.</summary>
public sealed partial class RunbookTests(ShopTemplate template)
{
    [Fact]
    public async Task Every_command_of_the_runbook_does_what_it_promises()
    {
        await using var shop = await template.OpenAsync();
        await using var other = await template.OpenAsync();
        await shop.ArchiveAsync();
        await shop.BackUpAsync();
        var dump = await shop.BackUpAsync(MakeDump.Kind);
        await shop.AddBrandsAsync("wanted");
        var moment = await shop.AskAsync("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        await shop.AddBrandsAsync("mistake");
        await shop.ArchivedAsync();
        await other.RunAsync("CREATE DATABASE copy");
        var places = new SecondPlace(Options.Create(new BackupOptions { SecondFolder = Directory.CreateDirectory(shop.Backups + "-second").FullName }));
        await places.CopyBackupsAsync(shop.Shelf, TestContext.Current.CancellationToken);
        await shop.StopAsync();
        var blocks = Blocks();
        Assert.Equal(6, blocks.Count); // help, last, at, into, dump, from the second place

        await ShellAsync(blocks[0], []);
        await ShellAsync(blocks[1], [("Backups__Folder", shop.Backups)]);
        await shop.StartAsync();
        Assert.Equal("mistake wanted", await shop.BrandsAsync());
        await shop.StopAsync();
        await ShellAsync(blocks[2], [("Backups__Folder", shop.Backups), ("MOMENT", moment)]);
        await shop.StartAsync();
        Assert.Equal("wanted", await shop.BrandsAsync());
        var folder = shop.Data.Path + "-elsewhere";
        await ShellAsync(blocks[3], [("Backups__Folder", shop.Backups), ("FOLDER", folder)]);
        Assert.True(new DataFolder(folder).IsServer);
        await ShellAsync(blocks[4], [("DUMP", Path.Combine(dump.Folder, MakeDump.FileName)), ("DATABASE", other.Owner.To("copy").ConnectionString)]);
        await shop.StopAsync();
        Directory.Delete(shop.Data.Path, recursive: true);
        await ShellAsync(blocks[5], [("SECOND", shop.Backups + "-second")]);
        await shop.StartAsync();
        Assert.Equal("", await shop.BrandsAsync()); // no segment was closed after the backup
    }

    private static async Task ShellAsync(string script, (string Key, string Value)[] variables)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script]) { WorkingDirectory = Root, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Backups__KeepFree"] = "0";
        foreach (var (key, value) in variables) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(process.ExitCode == 0, $"{script}\n{await output}{await error}");
    }

    private static List<string> Blocks() => [.. Block().Matches(File.ReadAllText(Path.Combine(Root, "docs", "runbooks", "backup-and-restore.md"))).Select(match => match.Groups[1].Value)];

    private static string Root { get; } = AppContext.BaseDirectory[..AppContext.BaseDirectory.IndexOf(Path.Combine("tests", "Backups.Tests"), StringComparison.Ordinal)];

    [GeneratedRegex(@"^```sh (?:test|drill)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)] private static partial Regex Block();
}
