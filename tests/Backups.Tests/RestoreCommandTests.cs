using Shabou.Backups.Making;
using Shabou.Backups.Places;

namespace Shabou.Backups.Tests;

public sealed class RestoreCommandTests(ShopTemplate template)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_what_will_be_lost_and_does_nothing_until_it_is_told_yes()
    {
        await using var shop = await template.OpenAsync();
        await shop.ArchiveAsync();
        await shop.BackUpAsync();
        await shop.AddBrandsAsync("kept");
        await shop.ArchivedAsync();
        var (runningExit, running) = await RestoreProcess.RunAsync(shop.Backups, answer: null, "last", "--yes");
        Assert.Equal(1, runningExit);
        Assert.Contains("Nothing was restored: A PostgreSQL server", running, StringComparison.Ordinal);
        await shop.StopAsync();

        var (exitCode, output) = await RestoreProcess.RunAsync(shop.Backups, answer: "no", "last");

        Assert.Equal(1, exitCode);
        Assert.Contains("Base backup 20", output, StringComparison.Ordinal);
        Assert.Contains("WAL segments after it, up to", output, StringComparison.Ordinal);
        Assert.Contains("will be lost", output, StringComparison.Ordinal);
        Assert.Contains($"Into {shop.Data.Path}; what is there now is kept beside it.", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateDirectories(Path.GetDirectoryName(shop.Data.Path)!), folder => folder.StartsWith(shop.Data.Path + ".", StringComparison.Ordinal));
        Assert.Equal(0, (await RestoreProcess.RunAsync(shop.Backups, answer: "yes", "last")).ExitCode);
        await shop.StartAsync();
        Assert.Equal("kept", await shop.BrandsAsync());
    }

    [Theory]
    [InlineData("Say what to restore", "everything")]
    [InlineData("'yesterday' is not a moment", "at", "yesterday")]
    [InlineData("Name the database with --into-database", "dump", "x.dump")]
    [InlineData("The option '--force' is unknown", "last", "--force")]
    [InlineData("The option --backup needs a value", "last", "--backup")]
    [InlineData("Name the dump by its file or by --backup <name>.", "dump", "--into-database", "x")]
    [InlineData("not by both", "dump", "x.dump", "--backup", "20261122T020000Z", "--into-database", "x")]
    public async Task A_misspelt_command_line_is_answered_with_a_sentence_and_the_usage(string sentence, params string[] args)
    {
        var (exitCode, output) = await RestoreProcess.RunAsync("/nowhere", answer: null, args);
        Assert.Equal(2, exitCode);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.Contains("./restore last", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no base backup in /nowhere", "last")]
    [InlineData("There is no backup in /nowhere", "list")]
    [InlineData("There is no dump in /nowhere", "dump", "--backup", "20261122T020000Z", "--into-database", "Host=x")]
    public async Task Without_any_backup_it_says_where_it_looked(string sentence, params string[] args)
    {
        var (exitCode, output) = await RestoreProcess.RunAsync("/nowhere", answer: null, args);
        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_newest_backup_is_damaged_an_older_one_is_named_and_brings_back_all_the_same()
    {
        await using var shop = await template.OpenAsync();
        await shop.ArchiveAsync();
        var older = await shop.BackUpAsync();
        await shop.AddBrandsAsync("between");
        var newest = await shop.BackUpAsync();
        await shop.AddBrandsAsync("last");
        await shop.ArchivedAsync();
        var unverified = await shop.BackUpAsync();
        File.Delete(Path.Combine(unverified.Folder, VerifiedMark.FileName));
        await shop.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(newest.Folder, MakeBase.DataFile), "short", Token);

        var (damagedExit, damaged) = await RestoreProcess.RunAsync(shop.Backups, answer: null, "last", "--yes");
        Assert.Equal(1, damagedExit);
        Assert.Contains($"Nothing was restored: The backup file {Path.Combine(newest.Folder, MakeBase.DataFile)} has 5 bytes instead of", damaged, StringComparison.Ordinal);
        Assert.Contains($"These fit, with --backup <name>: {older.Name}.", damaged, StringComparison.Ordinal);

        var (unknownExit, unknown) = await RestoreProcess.RunAsync(shop.Backups, answer: null, "last", "--backup", "20200101T000000Z", "--yes");
        Assert.Equal(1, unknownExit);
        Assert.Contains($"There is no base '20200101T000000Z' in {shop.Shelf.Folder}: name one of {unverified.Name}, {newest.Name}, {older.Name}.", unknown, StringComparison.Ordinal);

        var (listExit, list) = await RestoreProcess.RunAsync(shop.Backups, answer: null, "list");
        Assert.Equal(0, listExit);
        Assert.Matches($"{unverified.Name}  base  20.*not verified", list);
        Assert.Matches($"{older.Name}  base  20.*Z .*iB  verified 20", list);

        var (exitCode, output) = await RestoreProcess.RunAsync(shop.Backups, answer: null, "last", "--backup", older.Name, "--yes");
        Assert.True(exitCode == 0, output);
        Assert.Contains($"Base backup {older.Name} of", output, StringComparison.Ordinal);
        await shop.StartAsync();
        Assert.Equal("between last", await shop.BrandsAsync());
    }

    [Fact]
    public async Task A_moment_before_the_named_backup_is_refused_and_one_after_it_is_reached_from_it()
    {
        await using var shop = await template.OpenAsync();
        await shop.ArchiveAsync();
        var older = await shop.BackUpAsync();
        await shop.AddBrandsAsync("wanted");
        var moment = await shop.AskAsync("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        await shop.AddBrandsAsync("mistake");
        var newest = await shop.BackUpAsync();
        await shop.ArchivedAsync();
        await shop.StopAsync();

        var (refusedExit, refused) = await RestoreProcess.RunAsync(shop.Backups, answer: null, "at", moment, "--backup", newest.Name, "--yes");
        Assert.Equal(1, refusedExit);
        Assert.Contains($"Nothing was restored: The base backup {newest.Name} is of", refused, StringComparison.Ordinal);

        var (exitCode, output) = await RestoreProcess.RunAsync(shop.Backups, answer: null, "at", moment, "--backup", older.Name, "--yes");
        Assert.True(exitCode == 0, output);
        await shop.StartAsync();
        Assert.Equal("wanted", await shop.BrandsAsync());
    }

    [Fact]
    public async Task A_backup_without_a_readable_manifest_is_listed_and_refused_by_name()
    {
        await using var shop = await template.OpenAsync();
        var backup = await shop.BackUpAsync();
        await File.WriteAllTextAsync(Path.Combine(backup.Folder, BackupManifest.FileName), "{", Token);
        Assert.Contains($"{backup.Name}  base  damaged: no readable manifest.json", (await RestoreProcess.RunAsync(shop.Backups, answer: null, "list")).Output, StringComparison.Ordinal);
        var refused = Assert.Throws<BackupException>(() => shop.Shelf.Require(MakeBase.Kind, backup.Name));
        Assert.Contains("has no readable manifest.json", refused.Message, StringComparison.Ordinal);
    }
}
