using Shabou.Schema;

namespace Shabou.Backups.Tests;

/// <summary>Migrator changes no data that are in no verified backup.</summary>
public sealed class MigratorTests(ShopTemplate template)
{
    /// <summary>What makes the last migration pending without undoing it: it is refused or backed up before anything runs.</summary>
    private const string Forget = "DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = (SELECT max(\"MigrationId\") FROM \"__EFMigrationsHistory\")";

    [Fact]
    public async Task Without_a_folder_for_backups_it_refuses_in_one_sentence_and_migrates_nothing()
    {
        await using var shop = await template.OpenAsync();
        await shop.AddBrandsAsync("bosch");
        await shop.RunAsync(Forget);
        var before = await shop.ChecksumAsync();

        var (exitCode, output) = await ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString);

        Assert.Equal(1, exitCode);
        Assert.Contains("The migration was not begun, as no verified backup is younger than 24 hours and none could be made.", output, StringComparison.Ordinal);
        Assert.Contains("Backups:Folder is not set", output, StringComparison.Ordinal);
        Assert.Contains("WithoutBackupOf=shabou", output, StringComparison.Ordinal);
        Assert.Equal(before, await shop.ChecksumAsync());
    }

    [Fact]
    public async Task It_makes_and_checks_a_dump_of_data_before_it_migrates_them()
    {
        await using var shop = await template.OpenAsync();
        await shop.AddBrandsAsync("bosch");
        await shop.RunAsync(Forget);

        var (_, output) = await ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString, ("Backups:Folder", shop.Backups), ("Backups:KeepFree", "0"));

        Assert.Contains("Before the migration: The dump of", output, StringComparison.Ordinal);
        var dump = Assert.Single(shop.Shelf.List("dump"));
        Assert.NotNull(dump.VerifiedAt);
        Assert.Equal(1, dump.Manifest.Rows["catalog.brands"]);
        Assert.NotEqual(SchemaVersion.Compiled, dump.Manifest.SchemaVersion); // of before

        // The next run finds it young enough.
        await ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString);
        Assert.Single(shop.Shelf.List("dump"));
    }

    [Fact]
    public async Task It_goes_without_only_for_the_database_that_is_named()
    {
        await using var shop = await template.OpenAsync();
        await shop.AddBrandsAsync("bosch");
        await shop.RunAsync(Forget);
        var (otherExit, other) = await ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString, ("WithoutBackupOf", "other"));
        Assert.Equal(1, otherExit);
        Assert.Contains("was not begun", other, StringComparison.Ordinal);
        var (_, named) = await ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString, ("WithoutBackupOf", "shabou"));
        Assert.Contains("is migrated without a backup", named, StringComparison.Ordinal);
    }
}
