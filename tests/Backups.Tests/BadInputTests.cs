using Shabou.Backups.Archive;
using Shabou.Backups.Making;
using Shabou.Backups.Restoring;
using Shabou.LocalPostgres.Servers;

namespace Shabou.Backups.Tests;

/// <summary>What cannot be restored is named in one sentence, and what is there stays as it is.</summary>
public sealed class BadInputTests(ShopTemplate template)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_truncated_or_changed_file_of_a_backup_is_named()
    {
        await using var shop = await template.OpenAsync();
        foreach (var (kind, name) in new[] { (MakeBase.Kind, MakeBase.DataFile), (MakeDump.Kind, MakeDump.FileName) })
        {
            var backup = await shop.BackUpAsync(kind);
            var path = Path.Combine(backup.Folder, name);
            Change(path, 2_000);
            Assert.Contains($"{path} has another SHA-256", await RefusedAsync(), StringComparison.Ordinal);
            using (var file = File.OpenWrite(path)) file.SetLength(1_000);
            Assert.Contains($"{path} has 1,000 bytes instead of", await RefusedAsync(), StringComparison.Ordinal);
            File.Delete(path);
            Assert.Contains($"{path} is missing", await RefusedAsync(), StringComparison.Ordinal);

            async Task<string> RefusedAsync() => (await Assert.ThrowsAsync<BackupException>(() => shop.Get<RunBackups>().VerifyAsync(backup, Token))).Message;
        }
    }

    [Fact]
    public async Task A_restore_from_a_damaged_backup_or_WAL_leaves_the_data_as_they_are()
    {
        await using var shop = await template.OpenAsync();
        await shop.ArchiveAsync();
        await shop.AddBrandsAsync("kept");
        var backup = await shop.BackUpAsync();
        for (var segment = 0; segment < 4; segment++)
        {
            await shop.AddBrandsAsync($"segment{segment}");
            await shop.RunAsync("SELECT pg_switch_wal()");
        }
        await shop.AddBrandsAsync("last");
        await shop.ArchivedAsync();
        await shop.StopAsync();
        var whole = new WalArchive(shop.Shelf.Wal).ChainFrom(backup.Manifest);
        var victim = whole[^3];

        // Missing, truncated, of another place, damaged in the middle: each is named.
        var aside = victim.Path + ".aside";
        File.Move(victim.Path, aside);
        Assert.Contains($"WAL segment {victim.Name} is missing", await RefusedAsync(), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(victim.Path, (await File.ReadAllBytesAsync(aside, Token))[..4_096], Token);
        Assert.Contains($"{victim.Path} has 4,096 bytes instead of 16,777,216", await RefusedAsync(), StringComparison.Ordinal);
        File.Copy(whole[^2].Path, victim.Path, overwrite: true);
        Assert.Contains($"{victim.Path} does not begin where its name says", await RefusedAsync(), StringComparison.Ordinal);
        File.Copy(aside, victim.Path, overwrite: true);
        Change(victim.Path, 60); // in its first record
        Assert.Contains($"WAL segment {victim.Path} is damaged (", await RefusedAsync(), StringComparison.Ordinal);
        File.Copy(aside, victim.Path, overwrite: true);
        Change(Path.Combine(backup.Folder, MakeBase.DataFile), 5_000);
        Assert.Contains("has another SHA-256", await RefusedAsync(), StringComparison.Ordinal);

        await shop.StartAsync();
        Assert.Equal("kept last segment0 segment1 segment2 segment3", await shop.BrandsAsync());

        async Task<string> RefusedAsync()
        {
            var refused = await Assert.ThrowsAsync<BackupException>(() => shop.RestoreAsync());
            Assert.True(shop.Data.IsServer);
            Assert.False(Directory.Exists(shop.Data.Path + ".restoring"));
            return refused.Message;
        }
    }

    [Fact]
    public async Task A_moment_that_no_backup_or_no_WAL_reaches_is_refused()
    {
        await using var shop = await template.OpenAsync();
        await shop.ArchiveAsync();
        await shop.BackUpAsync();
        await shop.AddBrandsAsync("last");
        await shop.ArchivedAsync();
        await shop.StopAsync();

        var early = Assert.Throws<BackupException>(() => RestorePlan.Make(shop.Shelf, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), withoutWal: false));
        Assert.Contains("The oldest verified base backup is of", early.Message, StringComparison.Ordinal);
        var late = await Assert.ThrowsAsync<BackupException>(() => shop.RestoreAsync(DateTimeOffset.UtcNow.AddDays(1)));
        Assert.Contains("The archived WAL ends before", late.Message, StringComparison.Ordinal);
        await shop.StartAsync();
        Assert.Equal("last", await shop.BrandsAsync());
    }

    [Fact]
    public async Task A_running_server_and_a_folder_with_something_else_are_refused()
    {
        await using var shop = await template.OpenAsync();
        await shop.BackUpAsync();
        var running = await Assert.ThrowsAsync<BackupException>(() => shop.RestoreAsync());
        Assert.Contains("is running on", running.Message, StringComparison.Ordinal);

        var other = Path.Combine(shop.Backups, "photos");
        Directory.CreateDirectory(other);
        await File.WriteAllTextAsync(Path.Combine(other, "a.jpg"), "", Token);
        var occupied = Assert.Throws<BackupException>(() => RestoreBase.RequireStopped(new DataFolder(other)));
        Assert.Contains("is not empty and has no server's data", occupied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dump_goes_into_no_database_that_has_tables_and_into_no_older_release()
    {
        await using var shop = await template.OpenAsync();
        await shop.AddBrandsAsync("kept");
        var dump = await shop.BackUpAsync(MakeDump.Kind);
        var file = Path.Combine(dump.Folder, MakeDump.FileName);

        var occupied = await Assert.ThrowsAsync<BackupException>(() => shop.Get<RestoreDump>().RunAsync(file, shop.Owner, Token));
        Assert.Contains("The database shabou is not empty", occupied.Message, StringComparison.Ordinal);

        (dump.Manifest with { SchemaVersion = "29990101000000_Future" }).Write(dump.Folder);
        await shop.RunAsync("CREATE DATABASE empty");
        var newer = await Assert.ThrowsAsync<BackupException>(() => shop.Get<RestoreDump>().RunAsync(file, shop.Owner.To("empty"), Token));
        Assert.Contains("is at migration 29990101000000_Future, which this release does not know", newer.Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(dump.Folder, BackupManifest.FileName), "{", Token);
        var unreadable = await Assert.ThrowsAsync<BackupException>(() => shop.Get<RestoreDump>().RunAsync(file, shop.Owner.To("empty"), Token));
        Assert.Contains("has no readable manifest.json", unreadable.Message, StringComparison.Ordinal);
        Assert.Equal("kept", await shop.BrandsAsync());
    }

    private static void Change(string path, int at)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ 0xFF));
    }
}
