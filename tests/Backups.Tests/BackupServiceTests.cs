using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Shabou.Backups.Making;
using Shabou.BackupService.Commands;
using Shabou.BackupService.Schedule;
using Shabou.Testing;

namespace Shabou.Backups.Tests;

public sealed class BackupServiceTests(ShopTemplate template)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_orders_a_backup_and_a_drill_and_is_told_in_one_sentence_how_they_went()
    {
        await using var shop = await template.OpenAsync();
        await shop.AddBrandsAsync("bosch");
        await using var service = new BackupServiceHost(shop);
        var results = new List<string>();
        var own = service.Services.GetRequiredService<IMeterFactory>(); // other tests have services in this process
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Name == "shabou.backup.result" && instrument.Meter.Scope == own) self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => { lock (results) foreach (var tag in tags) if (tag.Key == "outcome") results.Add($"{tag.Value}"); });
        listener.Start();
        using var client = service.Operator();

        var made = await PostAsync(client, "/backups");
        Assert.True(made.Succeeded, made.Message);
        Assert.Contains("was restored and checked", made.Message, StringComparison.Ordinal);
        lock (results) Assert.Equal(2, results.Count(outcome => outcome == "verified"));

        await shop.AddBrandsAsync("valeo");
        await Until.TrueAsync(async () => await client.GetStringAsync("/health", Token) == "Healthy", 20, () => "a healthy service, as the WAL is archived");
        await shop.ArchivedAsync();
        var drill = await PostAsync(client, "/restore-drills");
        Assert.True(drill.Succeeded, drill.Message);
        Assert.Contains("the running server has not one row more", drill.Message, StringComparison.Ordinal);

        var status = await client.GetFromJsonAsync<BackupStatus>("/backups", Token);
        Assert.Equal(["base", "dump"], status!.Backups.Where(backup => backup.VerifiedAt is not null).Select(backup => backup.Kind).Order());
        Assert.NotNull(status.Next);
    }

    [Fact]
    public async Task Without_the_key_nobody_orders_anything()
    {
        await using var shop = await template.OpenAsync();
        await using var service = new BackupServiceHost(shop);
        using var client = service.CreateClient();
        foreach (var path in (string[])["/backups", "/restore-drills"])
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync(path, content: null, Token)).StatusCode);
        using var refused = await client.GetAsync("/backups", Token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("\"/problems/unauthenticated\"", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_PostgreSQLs_programs_the_service_runs_degraded_and_an_alert_says_what_to_install()
    {
        await using var shop = await template.OpenAsync();
        await using var service = new BackupServiceHost(shop, null, ("Postgres:Programs", "/nowhere"));
        using var client = service.Operator();
        var health = await client.GetAsync("/health", Token);
        Assert.Equal((HttpStatusCode.OK, "Degraded"), (health.StatusCode, await health.Content.ReadAsStringAsync(Token)));
        var refused = await PostAsync(client, "/backups");
        Assert.False(refused.Succeeded);
        Assert.Contains("apt-get install", refused.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install", await shop.AskAsync("SELECT string_agg(summary, ' ') FROM ops.alerts WHERE kind = 'backup-failed'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_three_in_the_morning_of_Tunis_a_backup_is_made_once()
    {
        await using var shop = await template.OpenAsync();
        var clock = new StandingClock(new DateTimeOffset(2026, 11, 23, 1, 59, 0, TimeSpan.Zero));
        await using var service = new BackupServiceHost(shop, clock, ("Backups:ArchiveWal", "false"));
        var schedule = service.Services.GetRequiredService<BackupSchedule>();

        var looked = await schedule.LookAsync(clock.Now, Token);
        Assert.Empty(Made(shop));
        clock.Now = clock.Now.AddMinutes(2);
        looked = await schedule.LookAsync(looked, Token);
        Assert.Equal(2, Made(shop).Count);
        clock.Now = clock.Now.AddMinutes(2);
        await schedule.LookAsync(looked, Token);
        Assert.Equal(2, Made(shop).Count);
    }

    [Fact]
    public async Task A_backup_that_failed_is_made_again_an_hour_later_and_one_that_succeeded_is_not()
    {
        await using var shop = await template.OpenAsync();
        var clock = new StandingClock(new DateTimeOffset(2026, 11, 23, 1, 59, 0, TimeSpan.Zero));
        await using var service = new BackupServiceHost(shop, clock, ("Backups:ArchiveWal", "false"));
        var schedule = service.Services.GetRequiredService<BackupSchedule>();
        if (Directory.Exists(shop.Backups)) Directory.Delete(shop.Backups, recursive: true);
        await File.WriteAllTextAsync(shop.Backups, "in its way", Token);
        var looked = await LookAfterAsync(clock.Now, minutes: 2);
        Assert.Equal("2", await shop.AskAsync("SELECT count(*)::text FROM ops.alerts WHERE kind = 'backup-failed'"));

        File.Delete(shop.Backups);
        looked = await LookAfterAsync(looked, minutes: 58);
        Assert.Empty(Made(shop));
        looked = await LookAfterAsync(looked, minutes: 3);
        Assert.Equal(2, Made(shop).Count);
        await LookAfterAsync(looked, minutes: 120);
        Assert.Equal(2, Made(shop).Count);

        Task<DateTimeOffset> LookAfterAsync(DateTimeOffset since, int minutes)
        {
            clock.Now = clock.Now.AddMinutes(minutes);
            return schedule.LookAsync(since, Token);
        }
    }

    [Fact]
    public async Task A_verified_backup_of_more_than_26_hours_is_an_alert_and_a_young_dump_hides_no_old_base_backup()
    {
        await using var shop = await template.OpenAsync();
        await shop.RunAsync("INSERT INTO ops.backups (id, kind, finished_at, verified_at) VALUES (gen_random_uuid(), 'dump', now() - interval '25 hours', now()), (gen_random_uuid(), 'base', now() - interval '27 hours', now())");
        await using var service = await LookAsync(shop);
        Assert.Equal("base: The newest verified base backup is 27 h old: look why none was made since, and make one with 'Back up now'.", await TooOldAsync(shop));
        using var client = service.Operator();
        Assert.Equal("Degraded", await client.GetStringAsync("/health", Token));
    }

    [Fact]
    public async Task A_shop_that_never_had_a_verified_backup_is_an_alert_after_26_hours_and_a_new_shop_is_none()
    {
        await using var shop = await template.OpenAsync();
        await shop.RunAsync("INSERT INTO ops.secret_versions (name, fingerprint, first_seen_at) VALUES ('x', sha256('x'), now() - interval '25 hours')");
        await using (await LookAsync(shop)) Assert.Equal("", await TooOldAsync(shop));

        await shop.RunAsync("UPDATE ops.secret_versions SET first_seen_at = now() - interval '27 hours'");
        await using (await LookAsync(shop))
            Assert.Equal("base: There is no verified base backup, and the shop is 27 h old dump: There is no verified dump backup, and the shop is 27 h old",
                await shop.AskAsync("SELECT string_agg(subject || ': ' || split_part(summary, ':', 1), ' ' ORDER BY subject) FROM ops.alerts WHERE kind = 'backup-too-old'"));
    }

    [Fact]
    public async Task The_second_place_has_what_the_first_has_and_a_restore_works_from_it()
    {
        await using var shop = await template.OpenAsync();
        var second = Directory.CreateDirectory(shop.Backups + "-second").FullName;
        await using (var service = new BackupServiceHost(shop, null, ("Backups:SecondFolder", second), ("Backups:ArchiveWal", "false")))
        using (var client = service.Operator())
            Assert.True((await PostAsync(client, "/backups")).Succeeded);
        await shop.AddBrandsAsync("later");
        await shop.StopAsync();
        Directory.Delete(shop.Backups, recursive: true);

        var (exitCode, output) = await RestoreProcess.RunAsync(second, answer: null, "last", "--yes");

        Assert.True(exitCode == 0, output);
        Assert.Contains("will be lost", output, StringComparison.Ordinal);
        await shop.StartAsync();
        Assert.Equal("", await shop.BrandsAsync());
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(second, Path.GetFileName(Directory.EnumerateDirectories(second).Single()), MakeDump.Kind)));
    }

    /// <summary>A service that has looked at its schedule.</summary>
    private static async Task<BackupServiceHost> LookAsync(Shop shop)
    {
        var clock = new StandingClock(DateTimeOffset.UtcNow.Date.AddHours(12));
        var service = new BackupServiceHost(shop, clock, ("Backups:ArchiveWal", "false"));
        await service.Services.GetRequiredService<BackupSchedule>().LookAsync(clock.Now, Token);
        return service;
    }

    private static Task<string> TooOldAsync(Shop shop) => shop.AskAsync("SELECT coalesce(string_agg(subject || ': ' || summary, ' ' ORDER BY subject), '') FROM ops.alerts WHERE kind = 'backup-too-old'");

    private static IReadOnlyList<Places.StoredBackup> Made(Shop shop) => Directory.Exists(shop.Backups) ? [.. RunBackups.Kinds.SelectMany(shop.Shelf.List)] : [];

    private static async Task<CommandResult> PostAsync(HttpClient client, string path)
    {
        using var response = await client.PostAsync(path, content: null, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<CommandResult>(Token))!;
    }
}
