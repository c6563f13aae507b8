using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using Shabou.Backups.Archive;
using Shabou.Backups.Making;
using Shabou.Backups.Places;
using Shabou.BackupService.Commands;
using Shabou.Testing;

namespace Shabou.Backups.Tests;

/// <summary>What is in the second place stays good, whatever becomes of the first, and is enough for a restore.</summary>
public sealed class SecondPlaceTests(ShopTemplate template)
{
    private const long SegmentSize = 16 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MakeDump.Kind, MakeDump.FileName)]
    [InlineData(MakeBase.Kind, MakeBase.DataFile)]
    public async Task A_file_that_was_truncated_after_its_check_is_named_and_its_copy_stays_whole(string kind, string file)
    {
        await using var shop = await template.OpenAsync();
        var backup = await shop.BackUpAsync(kind);
        var second = Second(shop);
        Assert.Empty(await second.CopyBackupsAsync(shop.Shelf, Token));
        Truncate(Path.Combine(backup.Folder, file), 1_000);

        var objection = Assert.Single(await second.CopyBackupsAsync(shop.Shelf, Token));

        Assert.Contains($"{Path.Combine(backup.Folder, file)} has 1,000 bytes instead of", objection.Sentence, StringComparison.Ordinal);
        await RequireWholeAsync(shop, backup);
    }

    [Fact]
    public async Task One_damaged_backup_is_named_and_stops_no_other_and_is_copied_once_it_is_whole()
    {
        await using var shop = await template.OpenAsync();
        var backups = await DaysAsync(shop, days: 5);
        var (changed, missing, unreadable) = (FileOf(backups[1]), FileOf(backups[2]), Path.Combine(backups[3].Folder, BackupManifest.FileName));
        var whole = await File.ReadAllBytesAsync(changed, Token);
        await File.WriteAllBytesAsync(changed, [.. whole[..^1], (byte)~whole[^1]], Token);
        File.Delete(missing);
        await File.WriteAllTextAsync(unreadable, "{", Token);
        var second = Second(shop);

        var objections = await second.CopyBackupsAsync(shop.Shelf, Token);

        Assert.Equal(
            [$"{changed} has another SHA-256 than its manifest says", $"{missing} is missing", $"{backups[3].Folder} has no readable manifest.json"],
            objections.OrderBy(objection => objection.Subject, StringComparer.Ordinal).Select(objection => objection.Sentence.Split(" (")[0].Split(": ")[0].Replace("The backup file ", "", StringComparison.Ordinal).Replace("The backup ", "", StringComparison.Ordinal)));
        Assert.Equal([backups[0].Name, backups[4].Name], Placed(shop));
        foreach (var good in (StoredBackup[])[backups[0], backups[4]]) await RequireWholeAsync(shop, good);

        await File.WriteAllBytesAsync(changed, whole, Token);
        Assert.Equal(2, (await second.CopyBackupsAsync(shop.Shelf, Token)).Count);
        Assert.Equal([backups[0].Name, backups[1].Name, backups[4].Name], Placed(shop));
    }

    [Fact]
    public async Task A_manifest_that_cannot_be_read_and_a_first_place_that_was_emptied_take_no_copy_away()
    {
        await using var shop = await template.OpenAsync();
        var backups = await DaysAsync(shop, days: 3);
        var second = Second(shop);
        Assert.Empty(await second.CopyBackupsAsync(shop.Shelf, Token));
        await File.WriteAllTextAsync(Path.Combine(backups[1].Folder, BackupManifest.FileName), "", Token);
        Assert.Single(await second.CopyBackupsAsync(shop.Shelf, Token));
        Assert.Equal(3, Placed(shop).Count);

        Directory.Delete(shop.Shelf.Folder, recursive: true);
        var made = await shop.BackUpAsync(MakeDump.Kind);
        Assert.Empty(await second.CopyBackupsAsync(shop.Shelf, Token));

        Assert.Equal([.. backups.Select(backup => backup.Name), made.Name], Placed(shop));
        foreach (var backup in backups.Append(made)) await RequireWholeAsync(shop, backup);
    }

    [Fact]
    public async Task The_second_place_keeps_as_many_as_are_kept_by_its_own_count_and_never_less_than_one()
    {
        await using var shop = await template.OpenAsync();
        var backups = await DaysAsync(shop, days: 4);
        Assert.Empty(await Second(shop, keep: 4).CopyBackupsAsync(shop.Shelf, Token));
        foreach (var newer in backups.TakeLast(2)) Directory.Delete(newer.Folder, recursive: true); // the first place has only the older ones

        Assert.Empty(await Second(shop, keep: 3).CopyBackupsAsync(shop.Shelf, Token));
        Assert.Equal(backups.TakeLast(3).Select(backup => backup.Name), Placed(shop));
        Assert.Empty(await Second(shop, keep: 1).CopyBackupsAsync(shop.Shelf, Token));
        Assert.Equal([backups[^1].Name], Placed(shop));
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(SecondShelf(shop).Folder, MakeDump.Kind))); // whole folders went
    }

    [Fact]
    public async Task An_interrupted_copy_counts_for_nothing_and_is_completed_by_the_next()
    {
        await using var shop = await template.OpenAsync();
        var backup = await shop.BackUpAsync();
        var there = Path.Combine(SecondShelf(shop).Folder, MakeBase.Kind, backup.Name);
        Directory.CreateDirectory(there);
        File.Copy(Path.Combine(backup.Folder, MakeBase.WalFile), Path.Combine(there, MakeBase.WalFile));
        await File.WriteAllTextAsync(Path.Combine(there, MakeBase.DataFile + ".draft"), "as a process that was killed leaves it", Token);
        Assert.Empty(SecondShelf(shop).List(MakeBase.Kind));

        Assert.Empty(await Second(shop).CopyBackupsAsync(shop.Shelf, Token));

        await RequireWholeAsync(shop, backup);
        Assert.Equal(Directory.EnumerateFiles(backup.Folder).Select(Path.GetFileName).Order(), Directory.EnumerateFiles(there).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task What_is_damaged_in_the_second_place_is_named_and_copied_again_when_it_is_removed()
    {
        await using var shop = await template.OpenAsync();
        var backup = await shop.BackUpAsync(MakeDump.Kind);
        var second = Second(shop);
        await second.CopyBackupsAsync(shop.Shelf, Token);
        var copy = Path.Combine(SecondShelf(shop).Folder, MakeDump.Kind, backup.Name, MakeDump.FileName);
        Truncate(copy, 1_000);
        Assert.Contains($"{MakeDump.FileName} in {SecondFolder(shop)} has 1,000 bytes", Assert.Single(await second.CopyBackupsAsync(shop.Shelf, Token)).Sentence, StringComparison.Ordinal);
        File.Delete(copy);
        Assert.Empty(await second.CopyBackupsAsync(shop.Shelf, Token));
        await RequireWholeAsync(shop, backup);
    }

    [Fact]
    public async Task A_closed_segment_is_there_without_a_backup_and_the_second_place_alone_restores_up_to_it()
    {
        await using var shop = await template.OpenAsync();
        Directory.CreateDirectory(SecondFolder(shop));
        await using (var service = new BackupServiceHost(shop, null, ("Backups:SecondFolder", SecondFolder(shop))))
        {
            using var client = service.Operator();
            await BackUpAsync(client);
            await shop.AddBrandsAsync("in-a-closed-segment");
            var segment = await shop.AskAsync("SELECT pg_walfile_name(pg_current_wal_lsn())");
            await shop.RunAsync("SELECT pg_switch_wal()");
            await Until.TrueAsync(() => Task.FromResult(Segments(SecondFolder(shop)).Contains(segment)), 60, () => $"segment {segment} in the second place");
            await shop.AddBrandsAsync("in-the-open-one");
            await shop.ArchivedAsync();
        }
        Assert.Single(shop.Shelf.List(MakeBase.Kind));
        await shop.StopAsync();
        Directory.Delete(shop.Data.Path, recursive: true); // its own WAL, too
        Directory.Delete(shop.Backups, recursive: true);

        var (exitCode, output) = await RestoreProcess.RunAsync(SecondFolder(shop), answer: null, "last", "--yes");

        Assert.True(exitCode == 0, output);
        await shop.StartAsync();
        Assert.Equal("in-a-closed-segment", await shop.BrandsAsync());
    }

    [Fact]
    public async Task WAL_stays_in_the_second_place_as_long_as_a_base_backup_there_needs_it()
    {
        await using var shop = await template.OpenAsync();
        await shop.ArchiveAsync();
        var old = await shop.BackUpAsync();
        await shop.AddBrandsAsync("first");
        await SwitchAsync(shop);
        var second = Second(shop, keep: 2);
        Assert.Empty(await second.CopyBackupsAsync(shop.Shelf, Token));
        Assert.Empty(await second.CopyWalAsync(shop.Shelf, Token));
        Directory.Delete(Path.Combine(shop.Shelf.Folder, MakeBase.Kind), recursive: true); // the first place lost it, and thins its WAL
        var made = await shop.BackUpAsync();
        Assert.NotEqual(0, new WalArchive(shop.Shelf.Wal).RemoveBefore([made.Manifest]));
        await shop.AddBrandsAsync("second");
        await SwitchAsync(shop);

        Assert.Empty(await second.CopyBackupsAsync(shop.Shelf, Token));
        Assert.Empty(await second.CopyWalAsync(shop.Shelf, Token));
        var chain = new WalArchive(SecondShelf(shop).Wal).ChainFrom(old.Manifest);
        Assert.Equal(Segments(SecondFolder(shop)).Order(StringComparer.Ordinal).Last(), chain[^1].Name); // from the old one up to now

        await SwitchAsync(shop);
        var fewer = Second(shop, keep: 1);
        Assert.Empty(await fewer.CopyBackupsAsync(shop.Shelf, Token));
        Assert.Empty(await fewer.CopyWalAsync(shop.Shelf, Token));
        var from = WalSegment.NameOf(made.Manifest.Timeline, WalSegment.Position(made.Manifest.WalStart), SegmentSize);
        Assert.Equal(from, Segments(SecondFolder(shop)).Order(StringComparer.Ordinal).First());
    }

    [Fact]
    public async Task A_segment_that_was_truncated_in_the_first_place_is_named_and_neither_overwrites_nor_becomes_a_copy()
    {
        await using var shop = await template.OpenAsync();
        await shop.ArchiveAsync();
        for (var i = 0; i < 4; i++) await SwitchAsync(shop);
        var closed = new WalArchive(shop.Shelf.Wal).Segments().Where(segment => !segment.IsPartial).ToList();
        var aside = closed[^1].Path + ".aside";
        File.Move(closed[^1].Path, aside);
        Assert.Empty(await Second(shop).CopyWalAsync(shop.Shelf, Token));
        File.Move(aside, closed[^1].Path);
        Truncate(closed[0].Path, 4_096);
        Truncate(closed[^1].Path, 4_096);

        var objections = (await Second(shop).CopyWalAsync(shop.Shelf, Token)).Select(objection => objection.Sentence).ToList();

        Assert.Equal(2, objections.Count);
        Assert.Contains($"{closed[0].Path} has 4,096 bytes instead of 16,777,216: copy it back from {SecondFolder(shop)}", objections[0], StringComparison.Ordinal);
        Assert.Contains($"{closed[^1].Path} has 4,096 bytes instead of 16,777,216 and is not copied", objections[1], StringComparison.Ordinal);
        Assert.All(Directory.EnumerateFiles(SecondShelf(shop).Wal, "0*", SearchOption.AllDirectories), file => Assert.Equal(SegmentSize, new FileInfo(file).Length));
        Assert.DoesNotContain(closed[^1].Name, Segments(SecondFolder(shop)));
    }

    [Fact]
    public async Task Without_the_second_place_backups_go_on_an_alert_says_so_and_copying_resumes_by_itself()
    {
        await using var shop = await template.OpenAsync();
        await using var service = new BackupServiceHost(shop, null, ("Backups:SecondFolder", SecondFolder(shop)));
        using var client = service.Operator();
        await BackUpAsync(client);
        await shop.RunAsync("SELECT pg_switch_wal()");
        Assert.Contains($"could not be fed (The folder {SecondFolder(shop)} does not exist)", await shop.AskAsync("SELECT string_agg(summary, ' ') FROM ops.alerts WHERE kind = 'backup-copy-failed'"), StringComparison.Ordinal);
        Assert.Equal("Degraded", await client.GetStringAsync("/health", Token));
        Assert.False(Directory.Exists(SecondFolder(shop))); // else the disk below a missing mount would be taken for it

        Directory.CreateDirectory(SecondFolder(shop)); // it is mounted again

        await Until.TrueAsync(async () => await client.GetStringAsync("/health", Token) == "Healthy", 90, () => "a healthy service");
        Assert.All(RunBackups.Kinds, kind => Assert.Single(SecondShelf(shop).List(kind)));
        Assert.NotEmpty(Segments(SecondFolder(shop)));
    }

    [Fact]
    public void After_a_restore_to_an_earlier_moment_the_newer_backup_may_need_the_older_WAL()
    {
        var folder = Directory.CreateTempSubdirectory("shabou-wal-");
        var wal = folder.CreateSubdirectory("20260101T000000Z").FullName;
        for (var part = 1u; part <= 6; part++) Truncate(Path.Combine(wal, WalSegment.NameOf(part < 3 ? 2 : 1, part * (ulong)SegmentSize, SegmentSize)), SegmentSize);

        Assert.Equal(1, new WalArchive(folder.FullName).RemoveBefore([Of("20260102T030000Z", 1, "0/5000028"), Of("20260103T030000Z", 2, "0/2000028")]));

        Assert.DoesNotContain(Directory.EnumerateFiles(wal), file => file.EndsWith("000000020000000000000001", StringComparison.Ordinal));
        Assert.Equal(0, new WalArchive(folder.FullName).RemoveBefore([])); // nobody knows what is needed
        folder.Delete(recursive: true);

        static BackupManifest Of(string name, int timeline, string start) => new()
        {
            Kind = MakeBase.Kind, Database = name, Role = "", SchemaVersion = null, SystemIdentifier = "1", ServerVersion = 15, DataDirectory = null, Timeline = timeline, WalStart = start,
            StartedAt = default, FinishedAt = default, Rows = new Dictionary<string, long>(), Files = [],
        };
    }

    /// <summary>One dump, as if it had been made on each of these days.</summary>
    private static async Task<IReadOnlyList<StoredBackup>> DaysAsync(Shop shop, int days)
    {
        var made = await shop.BackUpAsync(MakeDump.Kind);
        for (var day = 1; day <= days; day++)
        {
            var folder = Path.Combine(Path.GetDirectoryName(made.Folder)!, StoredBackup.NameOf(new(2026, 1, day, 3, 0, 0, TimeSpan.Zero)));
            Directory.CreateDirectory(folder);
            foreach (var file in Directory.EnumerateFiles(made.Folder)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
        Directory.Delete(made.Folder, recursive: true);
        return [.. shop.Shelf.List(MakeDump.Kind).Reverse()];
    }

    private static SecondPlace Second(Shop shop, int keep = 7) => new(Options.Create(new BackupOptions { SecondFolder = Directory.CreateDirectory(SecondFolder(shop)).FullName, Keep = keep }));

    private static string SecondFolder(Shop shop) => shop.Backups + "-second";

    private static BackupShelf SecondShelf(Shop shop) => new(SecondFolder(shop), Path.GetFileName(shop.Shelf.Folder));

    private static List<string> Placed(Shop shop) => [.. SecondShelf(shop).List(MakeDump.Kind).Select(backup => backup.Name).Order(StringComparer.Ordinal)];

    private static string FileOf(StoredBackup dump) => Path.Combine(dump.Folder, MakeDump.FileName);

    private static List<string> Segments(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "0*", SearchOption.AllDirectories).Select(WalSegment.Of).OfType<WalSegment>().Where(segment => !segment.IsPartial).Select(segment => segment.Name)] : [];

    /// <summary>Its copy has the hashes of the manifest that it was made with.</summary>
    private static Task RequireWholeAsync(Shop shop, StoredBackup backup) =>
        BackupFiles.RequireWholeAsync(Path.Combine(SecondShelf(shop).Folder, backup.Manifest.Kind, backup.Name), backup.Manifest, Token);

    /// <summary>Closes a segment and waits until it is in the archive.</summary>
    private static async Task SwitchAsync(Shop shop)
    {
        var segment = await shop.AskAsync("SELECT pg_walfile_name(lsn) FROM pg_logical_emit_message(false, 'test', 'x') lsn");
        await shop.RunAsync("SELECT pg_switch_wal()");
        await Until.TrueAsync(() => Task.FromResult(Segments(shop.Backups).Contains(segment)), 20, () => $"segment {segment} in the archive");
    }

    private static void Truncate(string file, long length)
    {
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write);
        stream.SetLength(length);
    }

    private static async Task BackUpAsync(HttpClient client)
    {
        using var response = await client.PostAsync(new Uri("/backups", UriKind.Relative), content: null, Token);
        var made = await response.Content.ReadFromJsonAsync<CommandResult>(Token);
        Assert.True(made!.Succeeded, made.Message);
    }
}
