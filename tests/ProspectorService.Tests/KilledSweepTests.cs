using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Prospector;
using Shabou.Testing;

namespace Shabou.ProspectorService.Tests;

/// <summary>The built service, really killed in the middle of a sweep: what was paid and stored is never paid again.</summary>
public sealed class KilledSweepTests(TestServers servers)
{
    private static readonly string[] s_locations = ["Tunis", "Sfax", "Sousse"];
    private static readonly string[] s_queries = ["garage", "pièces auto"];

    [Fact]
    public async Task A_sweep_whose_processes_are_killed_is_finished_by_the_next_and_pays_again_only_for_what_was_not_stored()
    {
        await using var rig = await Rig.NewAsync(servers);
        var (job, between) = await DieBetweenPagesAsync(rig);
        var underWay = await DieInACallAsync(rig);
        var unstored = await DieBeforeStoringAsync(rig);
        Assert.Equal(3, new[] { between, underWay, unstored }.Distinct().Count());
        using var client = (await StartAsync(rig)).SignedIn();
        var run = await Rig.ResultAsync(client, job);
        Assert.Equal("completed", run.GetProperty("state").GetString());
        Assert.Equal(4, (await rig.Database().AllJobs.SingleAsync(j => j.Kind == "prospector.campaign", Rig.Cancellation)).Attempt);

        // Row by row: each call that Google saw is one row, spent, and each row one call.
        var (ledger, calls) = (await rig.LedgerAsync(), await rig.Simulator.LogAsync());
        Assert.Equal(calls.Count, ledger.Count);
        foreach (var (row, call) in ledger.Zip(calls))
            Assert.Equal(row.State == BudgetReservationState.Committed ? Of(row) : new SeenCall(null, null, null), call);
        Assert.Equal([(underWay, BudgetReservationState.AssumedSpent, "superseded")], ledger.Where(row => row.Outcome != "200").Select(row => (Page(row), row.State, row.Outcome)));
        Assert.Empty(await rig.CheckAsync(new(150, 4_500, 300_000_000)));
        Assert.Equal(calls.Count, (await rig.WindowAsync(BudgetWindowKind.Day)).Used);
        Assert.Equal(calls.Count, run.GetProperty("calls").GetInt32());

        // Paid twice: the call that was under way, and the answer that died with its process before it was stored. Nothing else.
        Assert.Equal(Sorted(underWay, unstored), Sorted([.. ledger.CountBy(Page).Where(page => page.Value > 1).Select(page => page.Key)]));
        Assert.Equal(ledger.Select(Page).Distinct().Count() + 2, ledger.Count);

        await using var calm = await Rig.NewAsync(servers);
        using var undisturbed = calm.Start().SignedIn();
        var expected = await Rig.RunAsync(undisturbed, await CreateAsync(undisturbed));
        Assert.Equal((await calm.LedgerAsync()).Select(Page), ledger.Select(Page).Distinct());
        Assert.Equal(Counts(expected), Counts(run));
        Assert.Equal(await LeadsAsync(calm), await LeadsAsync(rig));
    }

    // The reservation of a page further on is taken by somebody who does not say whether he keeps it: there the sweep stands still, with all pages
    // before it stored and no call under way.
    private static async Task<(string Job, string Page)> DieBetweenPagesAsync(Rig rig)
    {
        var process = await StartAsync(rig);
        using var client = process.SignedIn();
        var campaign = await CreateAsync(client);
        await rig.Simulator.AllSlowAsync(TimeSpan.FromMilliseconds(100));
        await rig.Simulator.SlowAsync(TimeSpan.FromSeconds(1)); // the first one: the reservation below must be there in time
        var job = await Rig.StartRunAsync(client, campaign);
        var id = Guid.Parse(job.Split('/')[^1]);
        await using var other = rig.Database();
        await using var hold = await other.Database.BeginTransactionAsync(Rig.Cancellation);
        await other.Database.ExecuteSqlAsync($"""
            INSERT INTO prospector.budget_reservations (id, scope, idempotency_key, attempt, sku, units, day_key, month_key, state, cost_micros, reserved_at, expires_at)
            VALUES (gen_random_uuid(), 'places', {$"{id}/1/1"}, 1, 'none', 1, now(), date_trunc('month', now()), 'Reserved', 0, now(), now())
            """, Rig.Cancellation);
        await Rig.UntilAsync(async () => await CursorAsync(rig) == "1/1");
        await process.KillAsync();
        await hold.RollbackAsync(Rig.Cancellation);

        var ledger = await rig.LedgerAsync();
        Assert.All(ledger, row => Assert.Equal(BudgetReservationState.Committed, row.State));
        Assert.Equal(ledger.Count, await rig.Simulator.PagesAsync());
        Assert.True(ledger.Count >= 3 && await rig.Database().Leads.AnyAsync(Rig.Cancellation), "It had stored some pages.");
        return (job, "1/1");
    }

    private static async Task<string> DieInACallAsync(Rig rig)
    {
        var stored = await rig.Simulator.PagesAsync();
        await rig.Simulator.SlowAsync(TimeSpan.FromMilliseconds(20));
        await rig.Simulator.SlowAsync(TimeSpan.FromMilliseconds(20));
        await rig.Simulator.SlowAsync(TimeSpan.FromMinutes(1));
        var process = await StartAsync(rig);
        await Rig.UntilAsync(async () => await rig.Simulator.FaultsWaitingAsync() == 0);
        await process.KillAsync();

        var ledger = await rig.LedgerAsync();
        Assert.Equal((stored + 2, stored + 3), (await rig.Simulator.PagesAsync(), ledger.Count));
        var reserved = Assert.Single(ledger, row => row.State == BudgetReservationState.Reserved);
        Assert.Equal(await CursorAsync(rig), Page(reserved));
        return Page(reserved);
    }

    // Its run is locked by somebody else: it has the answer, and cannot store it.
    private static async Task<string> DieBeforeStoringAsync(Rig rig)
    {
        var before = await CursorAsync(rig);
        var process = await StartAsync(rig);
        await Rig.UntilAsync(async () => await CursorAsync(rig) != before);
        await using var other = rig.Database();
        await using var hold = await other.Database.BeginTransactionAsync(Rig.Cancellation);
        await other.Database.ExecuteSqlAsync($"SELECT 1 FROM prospector.campaign_runs FOR UPDATE", Rig.Cancellation);
        var cursor = await CursorAsync(rig);
        await Rig.UntilAsync(async () => (await rig.LedgerAsync()).Any(row => Page(row) == cursor && row.Outcome == "200"));
        await process.KillAsync();
        await hold.RollbackAsync(Rig.Cancellation);
        Assert.Equal(cursor, await CursorAsync(rig));
        return cursor;
    }

    // A call that hangs must still hang when its process is killed; a worker that fell silent is noticed soon.
    private static Task<ServiceProcess> StartAsync(Rig rig) => rig.StartProcessAsync(
        ("Places:Timeout", "00:00:30"), ("Jobs:Lease", "00:00:02"), ("Jobs:Heartbeat", "00:00:00.5"), ("Jobs:RescueInterval", "00:00:00.2"));

    private static Task<Guid> CreateAsync(HttpClient client) => Rig.CreateCampaignAsync(client, s_locations, s_queries);

    /// <summary>The next page of the run that is under way: search and page.</summary>
    private static async Task<string> CursorAsync(Rig rig)
    {
        var run = await rig.Database().CampaignRuns.SingleAsync(Rig.Cancellation);
        Assert.Equal(CampaignRunState.Running, run.State);
        return string.Create(CultureInfo.InvariantCulture, $"{run.Search}/{run.Page}");
    }

    private static string Page(BudgetReservation row) => row.IdempotencyKey[(row.IdempotencyKey.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>The answered call that a row paid.</summary>
    private static SeenCall Of(BudgetReservation row)
    {
        var place = Page(row).Split('/').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new($"{s_queries[place[0] % s_queries.Length]} {s_locations[place[0] / s_queries.Length]}", 20 * place[1], 200);
    }

    private static List<string> Sorted(params string[] pages) => [.. pages.Order(StringComparer.Ordinal)];

    private static (int SearchesDone, int Found, int New, int Duplicates) Counts(JsonElement run) => (
        run.GetProperty("searchesDone").GetInt32(), run.GetProperty("found").GetInt32(), run.GetProperty("newLeads").GetInt32(), run.GetProperty("duplicates").GetInt32());

    private static async Task<List<(string, string, int, string)>> LeadsAsync(Rig rig)
    {
        var leads = await rig.Database().Leads.Include(lead => lead.Places).OrderBy(lead => lead.PlaceId).ToListAsync(Rig.Cancellation);
        return [.. leads.Select(lead => (lead.PlaceId, lead.Governorate, lead.Score, string.Join(' ', lead.Places.Select(place => place.PlaceId).Order(StringComparer.Ordinal))))];
    }
}
