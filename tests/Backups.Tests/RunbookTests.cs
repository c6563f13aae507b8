using System.Diagnostics;
using System.Text.RegularExpressions;
using Shabou.Backups.Making;
using Shabou.LocalPostgres.Servers;
using Shabou.Testing;

namespace Shabou.Backups.Tests;

/// <summary>Docs/runbooks/backup-and-restore.md, done as it is written.</summary>
public sealed partial class RunbookTests(ShopTemplate template)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_command_of_the_runbook_does_what_it_promises()
    {
        await using var shop = await template.OpenAsync();
        await using var other = await template.OpenAsync();
        await shop.ArchiveAsync();
        var named = await shop.BackUpAsync();
        var dump = await shop.BackUpAsync(MakeDump.Kind);
        await shop.AddBrandsAsync("wanted");
        var moment = await shop.AskAsync("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        await shop.AddBrandsAsync("mistake");
        await shop.ArchivedAsync();
        await other.RunAsync("CREATE DATABASE copy");
        await shop.StopAsync();
        var blocks = Blocks();
        Assert.Equal(8, blocks.Count); // help, last, at, list, by name, from the second place, into, dump

        await ShellAsync(blocks[0], []);
        await ShellAsync(blocks[1], [("Backups__Folder", shop.Backups)]);
        await shop.StartAsync();
        Assert.Equal("mistake wanted", await shop.BrandsAsync());
        await shop.StopAsync();
        Assert.Contains(named.Name, await ShellAsync(blocks[3], [("Backups__Folder", shop.Backups)]), StringComparison.Ordinal);
        await ShellAsync(blocks[4], [("Backups__Folder", shop.Backups), ("NAME", named.Name)]);
        await shop.StartAsync();
        Assert.Equal("mistake wanted", await shop.BrandsAsync());
        await shop.StopAsync();
        await ShellAsync(blocks[2], [("Backups__Folder", shop.Backups), ("MOMENT", moment)]);
        await shop.StartAsync();
        Assert.Equal("wanted", await shop.BrandsAsync());
        var folder = shop.Data.Path + "-elsewhere";
        await ShellAsync(blocks[6], [("Backups__Folder", shop.Backups), ("FOLDER", folder)]);
        Assert.True(new DataFolder(folder).IsServer);
        await ShellAsync(blocks[7], [("DUMP", Path.Combine(dump.Folder, MakeDump.FileName)), ("DATABASE", other.Owner.To("copy").ConnectionString)]);
    }

    [Fact]
    public async Task When_the_first_place_is_lost_the_command_for_the_second_brings_all_back()
    {
        var second = Directory.CreateDirectory(template.NewFolder().Path).FullName;
        await using var shop = await template.OpenAsync();
        await shop.AddBrandsAsync("before");
        await using (var service = new BackupServiceHost(shop, null, ("Backups:SecondFolder", second)))
        using (var client = service.Operator())
        {
            await BackUpAsync();
            await Until.TrueAsync(async () => await client.GetStringAsync("/health", Token) == "Healthy", 20, () => "a healthy service, as the WAL is archived");
            await shop.AddBrandsAsync("between");
            await shop.RunAsync("SELECT pg_switch_wal()");
            await shop.ArchivedAsync();
            await BackUpAsync(); // which also copies what was archived meanwhile

            async Task BackUpAsync()
            {
                using var made = await client.PostAsync("/backups", content: null, Token);
                Assert.Contains("\"succeeded\":true", await made.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            }
        }
        // Of the base backups the first: then it takes the WAL of the second place to have what was written between them.
        Directory.Delete(Directory.EnumerateDirectories(Path.Combine(Directory.EnumerateDirectories(second).Single(), MakeBase.Kind)).Order(StringComparer.Ordinal).Last(), recursive: true);
        await shop.AddBrandsAsync("unarchived");
        await shop.StopAsync();
        Directory.Delete(shop.Backups, recursive: true);
        var block = Blocks()[5];
        Assert.Contains("\"$SECOND\"", block, StringComparison.Ordinal);

        await ShellAsync(block, [("SECOND", second)]);

        await shop.StartAsync();
        Assert.Equal("before between unarchived", await shop.BrandsAsync()); // the last from the WAL of the server itself
    }

    private static async Task<string> ShellAsync(string script, (string Key, string Value)[] variables)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script]) { WorkingDirectory = Root, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Backups__KeepFree"] = "0";
        foreach (var (key, value) in variables) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(process.ExitCode == 0, $"{script}\n{await output}{await error}");
        return await output;
    }

    private static List<string> Blocks() => [.. Block().Matches(File.ReadAllText(Path.Combine(Root, "docs", "runbooks", "backup-and-restore.md"))).Select(match => match.Groups[1].Value)];

    private static string Root { get; } = AppContext.BaseDirectory[..AppContext.BaseDirectory.IndexOf(Path.Combine("tests", "Backups.Tests"), StringComparison.Ordinal)];

    [GeneratedRegex(@"^```sh (?:test|drill)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)] private static partial Regex Block();
}
