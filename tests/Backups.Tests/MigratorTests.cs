using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.Schema;

namespace Shabou.Backups.Tests;

/// <summary>Migrator changes no data that are in no verified backup.</summary>
public sealed class MigratorTests(ShopTemplate template)
{
    /// <summary>What makes the last migration pending without undoing it: it is refused or backed up before anything runs.</summary>
    private const string Forget = "DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" = (SELECT max(\"MigrationId\") FROM \"__EFMigrationsHistory\")";

    private const string Refused = "The migration was not begun, as no dump could be made and";
    private static readonly (string, string) s_noLimit = ("Backups:KeepFree", "0");
    private static readonly (string, string) s_noPrograms = ("Postgres:Programs", "/nowhere");

    [Fact]
    public async Task Without_a_folder_for_backups_it_refuses_in_one_sentence_and_migrates_nothing()
    {
        await using var shop = await WithPendingMigrationAsync();
        var before = await shop.ChecksumAsync();

        var (exitCode, output) = await ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString);

        Assert.Equal(1, exitCode);
        Assert.Contains($"{Refused} ops.backups knows no verified backup of shabou younger than 24 hours.", output, StringComparison.Ordinal);
        Assert.Contains("Backups:Folder is not set", output, StringComparison.Ordinal);
        Assert.Contains("WithoutBackupOf=shabou", output, StringComparison.Ordinal);
        Assert.Equal(before, await shop.ChecksumAsync());
    }

    [Fact]
    public async Task It_makes_and_checks_a_dump_before_each_migration_of_data_however_young_the_last_is()
    {
        await using var shop = await template.OpenAsync();
        for (var run = 1; run <= 2; run++)
        {
            await shop.AddBrandsAsync($"run{run}");
            await shop.RunAsync(Forget);
            var (_, output) = await ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString, Folder(shop), s_noLimit);

            Assert.Contains("Before the migration: The dump of", output, StringComparison.Ordinal);
            var dumps = shop.Shelf.List(MakeDump.Kind);
            Assert.Equal(run, dumps.Count);
            Assert.NotNull(dumps[0].VerifiedAt);
            Assert.Equal(run, dumps[0].Manifest.Rows["catalog.brands"]);
            Assert.NotEqual(SchemaVersion.Compiled, dumps[0].Manifest.SchemaVersion); // of before
        }
    }

    [Fact]
    public async Task Where_nothing_is_to_be_migrated_no_dump_is_made()
    {
        await using var shop = await template.OpenAsync();
        await shop.AddBrandsAsync("bosch");
        var (exitCode, output) = await ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString, Folder(shop), s_noLimit);
        Assert.True(exitCode == 0, output);
        Assert.False(Directory.Exists(shop.Backups));
    }

    [Theory]
    [InlineData(23, true)]
    [InlineData(25, false)]
    public async Task Where_no_folder_is_named_a_verified_record_counts_for_24_hours(int hours, bool counts)
    {
        await using var shop = await WithPendingMigrationAsync();
        await RecordAsync(shop, hours);
        var (_, output) = await ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString);
        AssertCounts(counts, output);
    }

    [Theory]
    [InlineData(MakeDump.Kind, 23, true)]
    [InlineData(MakeBase.Kind, 23, true)]
    [InlineData(MakeDump.Kind, 25, false)]
    [InlineData(MakeBase.Kind, 25, false)]
    [InlineData(MakeDump.Kind, -25, false)]
    public async Task Where_no_dump_can_be_made_a_backup_in_the_folder_counts_for_24_hours_whatever_the_table_says(string kind, int hours, bool counts)
    {
        await using var shop = await WithPendingMigrationAsync();
        var backup = await shop.BackUpAsync(kind);
        (backup.Manifest with { FinishedAt = DateTimeOffset.UtcNow.AddHours(-hours) }).Write(backup.Folder);
        await shop.RunAsync($"UPDATE ops.backups SET finished_at = now() - interval '{48 - hours} hours'");

        var (_, output) = await ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString, Folder(shop), s_noPrograms);

        AssertCounts(counts, output);
        Assert.Contains("apt-get install", output, StringComparison.Ordinal); // why no dump could be made
    }

    [Fact]
    public async Task What_the_table_says_and_the_folder_has_not_or_not_whole_does_not_count()
    {
        await using var shop = await WithPendingMigrationAsync();
        await RecordAsync(shop, hours: 1);
        var (exitCode, output) = await RunAsync(); // nothing there
        Assert.Equal(1, exitCode);
        Assert.Contains($"{Refused} {shop.Backups} has no verified backup of shabou younger than 24 hours.", output, StringComparison.Ordinal);

        var backup = await shop.BackUpAsync(MakeDump.Kind);
        var (file, mark, manifest) = (Path.Combine(backup.Folder, MakeDump.FileName), Path.Combine(backup.Folder, VerifiedMark.FileName), Path.Combine(backup.Folder, BackupManifest.FileName));
        foreach (var (path, damage) in new (string, Action<string>)[] { (file, path => File.WriteAllText(path, "short")), (file, File.Delete), (mark, File.Delete), (manifest, path => File.WriteAllText(path, "{")) })
        {
            var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            damage(path);
            Assert.Contains(Refused, (await RunAsync()).Output, StringComparison.Ordinal);
            await File.WriteAllBytesAsync(path, whole, TestContext.Current.CancellationToken);
        }
        (backup.Manifest with { Database = "other" }).Write(backup.Folder);
        Assert.Contains(Refused, (await RunAsync()).Output, StringComparison.Ordinal);
        backup.Manifest.Write(backup.Folder);
        AssertCounts(true, (await RunAsync()).Output);

        Task<(int ExitCode, string Output)> RunAsync() => ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString, Folder(shop), s_noPrograms);
    }

    [Fact]
    public async Task It_goes_without_only_for_the_database_that_is_named()
    {
        await using var shop = await WithPendingMigrationAsync();
        var (otherExit, other) = await ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString, ("WithoutBackupOf", "other"));
        Assert.Equal(1, otherExit);
        Assert.Contains("was not begun", other, StringComparison.Ordinal);
        var (_, named) = await ShopTemplate.RunMigratorAsync(shop.Owner.ConnectionString, ("WithoutBackupOf", "shabou"));
        Assert.Contains("is migrated without a backup", named, StringComparison.Ordinal);
    }

    private async Task<Shop> WithPendingMigrationAsync()
    {
        var shop = await template.OpenAsync();
        await shop.AddBrandsAsync("bosch");
        await shop.RunAsync(Forget);
        return shop;
    }

    private static (string, string) Folder(Shop shop) => ("Backups:Folder", shop.Backups);

    private static Task RecordAsync(Shop shop, int hours) => shop.RunAsync(
        $"INSERT INTO ops.backups (id, kind, finished_at, verified_at) VALUES (gen_random_uuid(), 'dump', now() - interval '{hours} hours', now() - interval '{hours} hours')");

    private static void AssertCounts(bool counts, string output)
    {
        if (counts) Assert.Contains("The migration relies on an earlier backup", output, StringComparison.Ordinal);
        else Assert.Contains(Refused, output, StringComparison.Ordinal);
    }
}
