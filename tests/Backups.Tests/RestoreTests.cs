using Shabou.Backups.Making;
using Shabou.Backups.Restoring;

namespace Shabou.Backups.Tests;

public sealed class RestoreTests(ShopTemplate template)
{
    [Fact]
    public async Task A_destroyed_server_comes_back_with_every_row()
    {
        await using var shop = await template.OpenAsync();
        await shop.AddBrandsAsync("bosch", "valeo");
        await shop.BackUpAsync();
        var before = await shop.ChecksumAsync();
        await shop.StopAsync();
        Directory.Delete(shop.Data.Path, recursive: true);

        var result = await shop.RestoreAsync();

        Assert.Null(result.Kept);
        Assert.Equal(before, await shop.ChecksumAsync());
    }

    [Fact]
    public async Task What_was_written_after_the_backup_comes_back_from_the_archived_WAL()
    {
        await using var shop = await template.OpenAsync();
        await shop.ArchiveAsync();
        await shop.BackUpAsync();
        await shop.AddBrandsAsync("after");
        await shop.RunAsync("SELECT pg_switch_wal()");
        await shop.AddBrandsAsync("later");
        await shop.ArchivedAsync();
        var before = await shop.ChecksumAsync();
        await shop.StopAsync();
        File.Delete(Path.Combine(shop.Data.Path, "global", "pg_control")); // beyond repair

        var result = await shop.RestoreAsync();

        Assert.Equal(before, await shop.ChecksumAsync());
        Assert.True(File.Exists(Path.Combine(result.Kept!, "PG_VERSION"))); // what was there is kept
    }

    [Fact]
    public async Task What_the_archive_had_not_received_comes_back_from_the_WAL_of_the_lost_server()
    {
        await using var shop = await template.OpenAsync();
        await shop.ArchiveAsync();
        await shop.BackUpAsync();
        await shop.AddBrandsAsync("received");
        await shop.ArchivedAsync();
        await shop.EndArchiveAsync();
        await shop.AddBrandsAsync("unreceived");
        await shop.RunAsync("SELECT pg_switch_wal()");
        await shop.AddBrandsAsync("later");
        await shop.StopAsync();
        File.Delete(Path.Combine(shop.Data.Path, "global", "pg_control"));

        await shop.RestoreAsync();

        Assert.Equal("later received unreceived", await shop.BrandsAsync());
    }

    [Fact]
    public async Task A_moment_between_two_writes_has_the_first_and_not_the_second()
    {
        await using var shop = await template.OpenAsync();
        await shop.ArchiveAsync();
        await shop.BackUpAsync();
        await shop.AddBrandsAsync("wanted");
        var moment = await shop.AskAsync("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        await shop.AddBrandsAsync("mistake");
        await shop.ArchivedAsync();
        await shop.StopAsync();

        await shop.RestoreAsync(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal("wanted", await shop.BrandsAsync());
    }

    [Fact]
    public async Task After_a_restore_the_archive_goes_on_and_can_be_restored_again()
    {
        await using var shop = await template.OpenAsync();
        await shop.ArchiveAsync();
        await shop.BackUpAsync();
        await shop.AddBrandsAsync("first");
        var moment = await shop.AskAsync("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        await shop.AddBrandsAsync("abandoned");
        await shop.ArchivedAsync();
        await shop.StopAsync();
        await shop.RestoreAsync(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture));
        await shop.ArchiveAsync();
        await shop.BackUpAsync();
        await shop.AddBrandsAsync("second");
        await shop.ArchivedAsync();
        await shop.StopAsync();

        await shop.RestoreAsync();

        Assert.Equal("first second", await shop.BrandsAsync());
    }

    [Fact]
    public async Task Without_WAL_the_backup_alone_comes_back()
    {
        await using var shop = await template.OpenAsync();
        await shop.ArchiveAsync();
        await shop.AddBrandsAsync("before");
        await shop.BackUpAsync();
        await shop.AddBrandsAsync("after");
        await shop.ArchivedAsync();
        await shop.StopAsync();

        await shop.RestoreAsync(withoutWal: true);

        Assert.Equal("before", await shop.BrandsAsync());
    }

    [Fact]
    public async Task A_dump_comes_back_in_an_empty_database_of_another_server()
    {
        await using var shop = await template.OpenAsync();
        await using var other = await template.OpenAsync();
        await shop.AddBrandsAsync("bosch");
        var dump = await shop.BackUpAsync(MakeDump.Kind);
        await other.RunAsync("CREATE DATABASE copy");

        await other.Get<RestoreDump>().RunAsync(Path.Combine(dump.Folder, MakeDump.FileName), other.Owner.To("copy"), TestContext.Current.CancellationToken);

        await using var copy = await other.Owner.To("copy").OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal(dump.Manifest.Rows, await RowCounts.ReadAsync(copy, TestContext.Current.CancellationToken));
        var (exitCode, output) = await ShopTemplate.RunMigratorAsync(other.Owner.To("copy").ConnectionString); // grants, and finds nothing to do
        Assert.True(exitCode == 0, output);
    }
}
