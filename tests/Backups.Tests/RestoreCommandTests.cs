namespace Shabou.Backups.Tests;

public sealed class RestoreCommandTests(ShopTemplate template)
{
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
        Assert.Contains("Base backup of", output, StringComparison.Ordinal);
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
    public async Task A_misspelt_command_line_is_answered_with_a_sentence_and_the_usage(string sentence, params string[] args)
    {
        var (exitCode, output) = await RestoreProcess.RunAsync("/nowhere", answer: null, args);
        Assert.Equal(2, exitCode);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.Contains("./restore last", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_backup_it_says_where_it_looked()
    {
        var (exitCode, output) = await RestoreProcess.RunAsync("/nowhere", answer: null, "last");
        Assert.Equal(1, exitCode);
        Assert.Contains("There is no base backup in /nowhere", output, StringComparison.Ordinal);
    }
}
