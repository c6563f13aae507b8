using System.Net.Http.Json;
using Shabou.Backups.Making;
using Shabou.Testing;

namespace Shabou.Backups.Tests;

/// <summary>T18 of the register, for the folder of backups: no room left on its disk.</summary>
public sealed class FullFolderTests(ShopTemplate template)
{
    // 41 MB that cannot be compressed.
    private const string Noise = """
        CREATE TABLE public.noise AS SELECT n, (SELECT string_agg(sha512((n || ' ' || m)::bytea), ''::bytea) FROM generate_series(1, 400) m) AS bytes FROM generate_series(1, 1600) n
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(SkipExceptions = [typeof(NotSupportedException)])]
    public async Task On_a_full_disk_a_backup_is_refused_in_one_sentence_and_the_earlier_ones_stay_and_can_be_restored()
    {
        await using var disk = await SmallFileSystem.MountAsync(megabytes: 160);
        await using var shop = await template.OpenAsync(("Backups:Folder", disk.Folder));
        await shop.AddBrandsAsync("bosch");
        foreach (var kind in RunBackups.Kinds) await shop.BackUpAsync(kind);
        await shop.RunAsync(Noise);
        await disk.FillAsync();
        foreach (var kind in RunBackups.Kinds) await RefusedAsync(shop, kind, "There is not enough room at"); // before anything is begun

        // Half of the database, which is what a backup was thought to need; this one cannot be compressed so far.
        disk.Free();
        var half = await shop.AskAsync("SELECT (sum(pg_database_size(oid)) / 2)::bigint::text FROM pg_database WHERE datallowconn");
        await disk.FillAsync(leave: long.Parse(half, System.Globalization.CultureInfo.InvariantCulture) + (1 << 19));
        await RefusedAsync(shop, MakeBase.Kind, "No space left on device");
        disk.Free();
        var made = await shop.BackUpAsync(MakeBase.Kind);
        Directory.Delete(made.Folder, recursive: true);
        await shop.StopAsync();

        await shop.RestoreAsync(withoutWal: true);

        Assert.Equal("bosch", await shop.BrandsAsync());
    }

    [Fact(SkipExceptions = [typeof(NotSupportedException)]), Trait("Category", "Faults")]
    public async Task On_a_full_disk_the_archive_says_so_and_goes_on_without_a_gap_when_there_is_room()
    {
        await using var disk = await SmallFileSystem.MountAsync(megabytes: 160);
        await using var shop = await template.OpenAsync(("Backups:Folder", disk.Folder));
        await using (var service = new BackupServiceHost(shop))
        {
            using var client = service.Operator();
            using (var made = await client.PostAsync(new Uri("/backups", UriKind.Relative), content: null, Token))
                Assert.Contains("was restored and checked", await made.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            await Until.TrueAsync(async () => await client.GetStringAsync("/health", Token) == "Healthy", 30, () => "a healthy service");
            await disk.FillAsync();
            await shop.AddBrandsAsync("on-a-full-disk");
            await shop.RunAsync("SELECT pg_switch_wal()");
            await shop.AddBrandsAsync("and-after");
            await Until.TrueAsync(async () => (await client.GetFromJsonAsync<Shabou.BackupService.Commands.BackupStatus>("/backups", Token))!.Archive.Contains("No space left on device", StringComparison.Ordinal), 30, () => "an archive that says why it stands");
            await Until.TrueAsync(async () => await client.GetStringAsync("/health", Token) == "Degraded", 30, () => "a service that is degraded"); // the shop goes on

            disk.Free();
            await Until.TrueAsync(async () => await client.GetStringAsync("/health", Token) == "Healthy", 60, () => "a healthy service");
            await shop.ArchivedAsync();
        }
        Assert.Equal("0", await shop.AskAsync("SELECT count(*)::text FROM ops.alerts WHERE kind = 'wal-archive-gap'"));
        await shop.StopAsync();
        Directory.Delete(shop.Data.Path, recursive: true);

        await shop.RestoreAsync();

        Assert.Equal("and-after on-a-full-disk", await shop.BrandsAsync());
    }

    private static async Task RefusedAsync(Shop shop, string kind, string why)
    {
        var before = Directory.EnumerateDirectories(Path.Combine(shop.Shelf.Folder, kind)).Order().ToList();
        var outcome = await shop.Get<RunBackups>().RunAsync(shop.Role, kind, Token);
        Assert.False(outcome.Succeeded);
        Assert.Contains(why, outcome.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', outcome.Sentence);
        Assert.Equal(before, Directory.EnumerateDirectories(Path.Combine(shop.Shelf.Folder, kind)).Order()); // no half of one is left
    }
}
