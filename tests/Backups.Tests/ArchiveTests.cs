using System.Globalization;
using Shabou.Backups.Making;
using Shabou.Testing;

namespace Shabou.Backups.Tests;

/// <summary>The archive of the WAL, by the service that keeps it, when what it needs is taken away.</summary>
public sealed class ArchiveTests(ShopTemplate template)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_receiver_that_is_killed_is_started_again_and_nothing_is_missing_from_the_archive()
    {
        await using var shop = await template.OpenAsync();
        await using (var service = new BackupServiceHost(shop))
        {
            using var client = service.Operator();
            await HealthyAsync(client, "Degraded"); // there is no backup yet
            await BackUpAsync(client);
            for (var kill = 1; kill <= 2; kill++)
            {
                var receiver = await ReceiverAsync(shop, notThis: 0);
                await shop.AddBrandsAsync($"{kill}-before");
                using (var process = System.Diagnostics.Process.GetProcessById(receiver)) process.Kill();
                await shop.AddBrandsAsync($"{kill}-meanwhile");
                await shop.RunAsync("SELECT pg_switch_wal()");
                await ReceiverAsync(shop, notThis: receiver);
                await shop.AddBrandsAsync($"{kill}-after");
            }
            await shop.ArchivedAsync();
        }
        Assert.Equal("0", await shop.AskAsync("SELECT count(*)::text FROM ops.alerts WHERE kind = 'wal-archive-gap'"));
        await shop.StopAsync();
        Directory.Delete(shop.Data.Path, recursive: true); // its own WAL, too

        await shop.RestoreAsync();

        Assert.Equal("1-after 1-before 1-meanwhile 2-after 2-before 2-meanwhile", await shop.BrandsAsync());
    }

    [Theory, Trait("Category", "Faults")]
    [InlineData("the server dropped what the slot kept")]
    [InlineData("somebody dropped the slot")]
    [InlineData("the archive lost its newest files")]
    public async Task A_gap_in_the_archive_is_an_alert_and_a_new_base_backup_after_which_all_can_be_restored(string what)
    {
        await using var shop = await template.OpenAsync();
        await using (var first = new BackupServiceHost(shop))
        {
            using var client = first.Operator();
            await HealthyAsync(client, "Degraded");
            await BackUpAsync(client);
            for (var i = 0; i < 3; i++)
            {
                await shop.AddBrandsAsync($"archived-{i}");
                await shop.RunAsync("SELECT pg_switch_wal()");
            }
            await shop.ArchivedAsync();
            await Until.TrueAsync(async () => await shop.AskAsync("SELECT (pg_wal_lsn_diff(pg_current_wal_flush_lsn(), restart_lsn) < 16777216)::text FROM pg_replication_slots WHERE slot_name = 'archive'") == "true", 20, () => "a server that knows what was archived");
        }
        await LoseAsync(shop, what);
        await shop.AddBrandsAsync("lost-to-the-archive");

        await using (var second = new BackupServiceHost(shop))
        {
            using var client = second.Operator();
            var (status, alerts) = ("", "");
            await Until.TrueAsync(async () =>
            {
                (status, alerts) = (await client.GetStringAsync("/backups", Token), await shop.AskAsync("SELECT coalesce(string_agg(summary, ' '), '') FROM ops.alerts"));
                return shop.Shelf.List(MakeBase.Kind).Count(backup => backup.VerifiedAt is not null) >= 2 && status.Contains("The WAL is archived.", StringComparison.Ordinal);
            }, 120, () => $"a second base backup, and WAL that is archived, but: {status} {alerts}");
            await shop.AddBrandsAsync("later");
            await shop.ArchivedAsync();
        }
        Assert.Contains("a new base backup is made", await shop.AskAsync("SELECT summary FROM ops.alerts WHERE kind = 'wal-archive-gap'"), StringComparison.Ordinal);
        await shop.StopAsync();
        Directory.Delete(shop.Data.Path, recursive: true);

        await shop.RestoreAsync();

        Assert.Equal("archived-0 archived-1 archived-2 later lost-to-the-archive", await shop.BrandsAsync());
    }

    private static async Task LoseAsync(Shop shop, string what)
    {
        switch (what)
        {
            case "somebody dropped the slot":
                await Until.TrueAsync(async () => await shop.AskAsync("SELECT active::text FROM pg_replication_slots WHERE slot_name = 'archive'") == "false", 20, () => "a slot that nobody uses");
                await shop.RunAsync("SELECT pg_drop_replication_slot('archive')");
                break;
            case "the archive lost its newest files":
                await SwitchAsync(shop, 2); // the server keeps only what follows what was received
                foreach (var file in Directory.EnumerateFiles(shop.Shelf.Wal, "0*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).TakeLast(3)) File.Delete(file);
                break;
            default:
                await shop.RunAsync("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
                await shop.RunAsync("SELECT pg_reload_conf()");
                await SwitchAsync(shop, 6);
                await Until.TrueAsync(async () => await shop.AskAsync("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'archive'") == "lost", 20, () => "a slot that is lost");
                break;
        }
    }

    // A checkpoint removes what nobody keeps.
    private static async Task SwitchAsync(Shop shop, int segments)
    {
        for (var i = 0; i < segments; i++) await shop.RunAsync("SELECT pg_logical_emit_message(false, 'test', 'x'); SELECT pg_switch_wal()");
        await shop.RunAsync("CHECKPOINT");
    }

    private static async Task BackUpAsync(HttpClient client)
    {
        using var made = await client.PostAsync(new Uri("/backups", UriKind.Relative), content: null, Token);
        Assert.Contains("was restored and checked", await made.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    // "Degraded" while something else than the archive is wrong, too; what it says of the archive is among the backups.
    private static Task HealthyAsync(HttpClient client, string status) => Until.TrueAsync(
        async () => await client.GetStringAsync("/health", Token) == status && (await client.GetStringAsync("/backups", Token)).Contains("The WAL is archived.", StringComparison.Ordinal), 30, () => "WAL that is archived");

    /// <summary>The process that receives, once it is another than this.</summary>
    private static async Task<int> ReceiverAsync(Shop shop, int notThis)
    {
        var found = 0;
        await Until.TrueAsync(async () =>
            int.TryParse(await File.ReadAllTextAsync(Path.Combine(shop.Shelf.Wal, "receiver.pid"), Token), NumberStyles.None, CultureInfo.InvariantCulture, out found) && found != notThis
            && await shop.AskAsync("SELECT count(*)::text FROM pg_replication_slots WHERE slot_name = 'archive' AND active") == "1", 30, () => "a receiver at work");
        return found;
    }
}
