using System.Text.Json;
using Shabou.Backups.Making;
using Shabou.Backups.Places;

namespace Shabou.Backups.Tests;

public sealed class BackupTests(ShopTemplate template)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MakeDump.Kind)]
    [InlineData(MakeBase.Kind)]
    public async Task A_backup_has_a_manifest_of_its_files_rows_and_schema_and_counts_once_it_was_restored(string kind)
    {
        await using var shop = await template.OpenAsync();
        await shop.AddBrandsAsync("bosch", "valeo");

        var backup = await shop.BackUpAsync(kind);

        var manifest = BackupManifest.Read(backup.Folder);
        Assert.Equal(2, manifest.Rows["catalog.brands"]);
        Assert.Equal(Schema.SchemaVersion.Compiled, manifest.SchemaVersion);
        Assert.Equal(shop.Data.Path, manifest.DataDirectory);
        Assert.True(manifest.ServerVersion >= 15);
        Assert.NotEmpty(manifest.WalStart);
        Assert.Equal(Directory.EnumerateFiles(backup.Folder).Select(Path.GetFileName).Except([BackupManifest.FileName, VerifiedMark.FileName]).Order(), manifest.Files.Select(file => file.Name).Order());
        Assert.NotNull(backup.VerifiedAt);
        Assert.Equal("1", await shop.AskAsync($"SELECT count(*)::text FROM ops.backups WHERE kind = '{kind}' AND verified_at IS NOT NULL"));
    }

    [Fact]
    public async Task Seven_verified_backups_are_kept_and_never_the_last_one_removed()
    {
        await using var shop = await template.OpenAsync();
        var first = await shop.BackUpAsync(MakeDump.Kind);
        var parent = Path.GetDirectoryName(first.Folder)!;
        Directory.Delete(first.Folder, recursive: true);
        for (var day = 1; day <= 10; day++) await CopyAsync(first.Manifest, parent, day, isVerified: day <= 8); // the last two failed

        var removed = shop.Shelf.Thin(MakeDump.Kind, keep: 7);

        Assert.Equal(["20260101T030000Z"], removed);
        Assert.Equal(9, shop.Shelf.List(MakeDump.Kind).Count); // seven, and two that may yet be verified
        shop.Shelf.Thin(MakeDump.Kind, keep: 1);
        Assert.Contains(shop.Shelf.List(MakeDump.Kind), backup => backup.VerifiedAt is not null);
    }

    [Fact]
    public async Task A_backup_whose_rows_differ_from_its_manifest_does_not_count()
    {
        await using var shop = await template.OpenAsync();
        await shop.AddBrandsAsync("bosch");
        foreach (var kind in RunBackups.Kinds)
        {
            var backup = await shop.BackUpAsync(kind);
            File.Delete(Path.Combine(backup.Folder, VerifiedMark.FileName));
            var lying = backup with { Manifest = backup.Manifest with { Rows = new Dictionary<string, long>(backup.Manifest.Rows) { ["catalog.brands"] = 2 } } };

            var refused = await Assert.ThrowsAsync<BackupException>(() => shop.Get<RunBackups>().VerifyAsync(lying, Token));

            Assert.Contains("has 1 rows in catalog.brands, its manifest says 2", refused.Message, StringComparison.Ordinal);
            Assert.Null(backup.VerifiedAt);
        }
    }

    [Fact]
    public async Task Of_a_backup_at_another_schema_version_than_its_manifest_says_nothing_counts()
    {
        await using var shop = await template.OpenAsync();
        var backup = await shop.BackUpAsync(MakeDump.Kind);
        var lying = backup with { Manifest = backup.Manifest with { SchemaVersion = "20200101000000_Other" } };
        var refused = await Assert.ThrowsAsync<BackupException>(() => shop.Get<RunBackups>().VerifyAsync(lying, Token));
        Assert.Contains("its manifest says 20200101000000_Other", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_without_room_is_refused_before_anything_is_written()
    {
        await using var shop = await template.OpenAsync(("Backups:KeepFree", (1L << 60).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        foreach (var kind in RunBackups.Kinds)
        {
            var outcome = await shop.Get<RunBackups>().RunAsync(shop.Role, kind, Token);
            Assert.False(outcome.Succeeded);
            Assert.Contains("There is not enough room at", outcome.Sentence, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(shop.Shelf.Folder, kind)));
        }
    }

    [Fact]
    public async Task Without_PostgreSQLs_programs_one_sentence_says_what_to_install()
    {
        await using var shop = await template.OpenAsync(("Postgres:Programs", "/nowhere"));
        var outcome = await shop.Get<RunBackups>().RunAsync(shop.Role, MakeDump.Kind, Token);
        Assert.False(outcome.Succeeded);
        Assert.Contains("was not found in /nowhere (Postgres:Programs)", outcome.Sentence, StringComparison.Ordinal);
        Assert.Contains("apt-get install", outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_on_no_command_line()
    {
        await using var shop = await template.OpenAsync();
        var login = new LocalPostgres.Programs.PostgresLogin(shop.Role.ConnectionString + ";Password=c4nary-password");
        await using var program = LocalPostgres.Programs.RunningProgram.Start(shop.Get<LocalPostgres.Programs.PostgresPrograms>().Require("pg_receivewal"), ["--no-loop", "--no-password", $"--directory={Path.GetTempPath()}", "--endpos=FFFFFFFF/0", "--verbose"], login);
        var line = await File.ReadAllTextAsync($"/proc/{program.Id}/cmdline", Token);
        Assert.DoesNotContain("c4nary", line, StringComparison.Ordinal);
    }

    private static async Task CopyAsync(BackupManifest manifest, string parent, int day, bool isVerified)
    {
        var folder = Path.Combine(parent, StoredBackup.NameOf(new(2026, 1, day, 3, 0, 0, TimeSpan.Zero)));
        Directory.CreateDirectory(folder);
        manifest.Write(folder);
        if (isVerified) await File.WriteAllTextAsync(Path.Combine(folder, VerifiedMark.FileName), JsonSerializer.Serialize(new VerifiedMark(DateTimeOffset.UtcNow, 1, 1), JsonSerializerOptions.Web), Token);
    }
}
