using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.ProspectorService.Budgets;
using Shabou.Schema.Prospector;
using Shabou.Testing;
using static Shabou.ProspectorService.Budgets.BudgetDecision;

namespace Shabou.ProspectorService.Tests;

public sealed class PlacesBudgetTests(TestServers servers)
{
    private const string Sku = PlacesSku.TextSearchEnterprise;

    [Fact]
    public async Task A_thousand_wishes_at_once_from_four_replicas_get_exactly_150_calls()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budgets = Enumerable.Range(0, 4).Select(_ => rig.Budget(("Prospector:PlacesBudget:LedgerTimeout", "00:01:00"))).ToList();
        var decisions = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => Task.Run(() => ReserveAsync(budgets[i % 4], $"key-{i}"))));
        Assert.Equal(150, decisions.OfType<Granted>().Count());
        Assert.All(decisions.OfType<Denied>(), denied => Assert.Equal(DenialReason.DayCap, denied.Reason));
        Assert.Equal(150, decisions.OfType<Granted>().Select(granted => granted.Reservation.Id).Distinct().Count());
        Assert.Equal(150, (await rig.LedgerAsync()).Count);
        foreach (var kind in Enum.GetValues<BudgetWindowKind>())
            Assert.Equal((0, 150), await rig.WindowAsync(kind) is var window ? (window.Used, window.Reserved) : default);
        Assert.Empty(await rig.CheckAsync(new(150, 4_500, 300_000_000)));
    }

    [Fact]
    public async Task A_denial_for_the_day_names_the_next_midnight_in_California()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget(("Prospector:PlacesBudget:CallsPerDay", "0"));
        var denied = Assert.IsType<Denied>(await ReserveAsync(budget, "a"));
        var local = TimeZoneInfo.ConvertTime(denied.RetryAt!.Value, TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles"));
        Assert.Equal(TimeSpan.Zero, local.TimeOfDay);
        Assert.InRange(denied.RetryAt.Value - DateTimeOffset.UtcNow, TimeSpan.Zero, TimeSpan.FromHours(25));
    }

    [Fact]
    public async Task The_month_ends_calls_that_the_day_would_allow_and_takes_nothing_from_the_day()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget();
        await ReserveAsync(budget, "first");
        await rig.SqlAsync($"UPDATE prospector.budget_windows SET used = 4498 WHERE kind = 'Month'"); // and one reserved
        Assert.IsType<Granted>(await ReserveAsync(budget, "last"));
        Assert.Equal(DenialReason.MonthCap, Assert.IsType<Denied>(await ReserveAsync(budget, "over")).Reason);
        Assert.Equal(2, (await rig.WindowAsync(BudgetWindowKind.Day)).Reserved);
        Assert.Equal(2, (await rig.LedgerAsync()).Count);
    }

    [Fact]
    public async Task A_new_day_has_its_own_calls()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget(("Prospector:PlacesBudget:CallsPerDay", "1"));
        await ReserveAsync(budget, "a");
        Assert.IsType<Denied>(await ReserveAsync(budget, "b"));
        await rig.TravelAsync(TimeSpan.FromHours(25));
        Assert.IsType<Granted>(await ReserveAsync(budget, "c"));
    }

    [Fact]
    public async Task The_database_itself_refuses_a_window_past_its_cap()
    {
        await using var rig = await Rig.NewAsync(servers);
        await ReserveAsync(rig.Budget(), "a");
        var error = await Assert.ThrowsAsync<PostgresException>(() => rig.SqlAsync($"UPDATE prospector.budget_windows SET used = cap"));
        Assert.Equal("ck_budget_windows_cap", error.ConstraintName);
    }

    [Fact]
    public async Task The_switch_stops_all_replicas_at_once_and_lowered_caps_count_at_once()
    {
        await using var rig = await Rig.NewAsync(servers);
        var (one, other) = (rig.Budget(), rig.Budget());
        Assert.IsType<Granted>(await ReserveAsync(one, "a"));
        await rig.SqlAsync($"UPDATE prospector.budget_switch SET killed = true");
        Assert.Equal(DenialReason.Killed, Assert.IsType<Denied>(await ReserveAsync(one, "b")).Reason);
        Assert.Equal(DenialReason.Killed, Assert.IsType<Denied>(await ReserveAsync(other, "c")).Reason);
        await rig.SqlAsync($"UPDATE prospector.budget_switch SET killed = false, calls_per_day = 2");
        Assert.IsType<Granted>(await ReserveAsync(other, "d"));
        Assert.Equal(DenialReason.DayCap, Assert.IsType<Denied>(await ReserveAsync(other, "e")).Reason);
        await rig.SqlAsync($"UPDATE prospector.budget_switch SET calls_per_day = 1000000"); // raises nothing
        Assert.Equal(148 - 1, Assert.IsType<Granted>(await ReserveAsync(other, "f")).LeftToday);
    }

    [Fact]
    public async Task Without_the_database_or_a_price_or_the_switch_nothing_is_granted()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget();
        Assert.Equal(DenialReason.UnknownSku, Assert.IsType<Denied>(await ReserveAsync(budget, "a", "place-photo")).Reason);
        await rig.SqlAsync($"DELETE FROM prospector.budget_switch");
        Assert.Equal(DenialReason.LedgerDown, Assert.IsType<Denied>(await ReserveAsync(budget, "b")).Reason);
        Assert.Empty(await rig.LedgerAsync());
        var away = rig.Budget(("ConnectionStrings:shabou", "Host=127.0.0.1;Port=1;Username=x;Password=x;Database=x"), ("Prospector:PlacesBudget:LedgerTimeout", "00:00:01"));
        var denied = Assert.IsType<Denied>(await ReserveAsync(away, "c"));
        Assert.Equal(DenialReason.LedgerDown, denied.Reason);
        Assert.NotNull(denied.RetryAt);
    }

    [Fact]
    public async Task Committing_twice_counts_once_and_a_sent_call_cannot_be_released()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget();
        var reservation = Assert.IsType<Granted>(await ReserveAsync(budget, "a")).Reservation;
        Assert.True(reservation.TrySend());
        Assert.True(await budget.CommitAsync(reservation, "200"));
        Assert.True(await budget.CommitAsync(reservation, "again"));
        Assert.False(await budget.ReleaseAsync(reservation));
        var window = await rig.WindowAsync(BudgetWindowKind.Day);
        Assert.Equal((1, 0), (window.Used, window.Reserved));
        Assert.Equal((BudgetReservationState.Committed, "200"), Assert.Single(await rig.LedgerAsync()) is var row ? (row.State, row.Outcome) : default);
    }

    [Fact]
    public async Task What_was_not_sent_is_given_back_and_can_never_be_sent()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget(("Prospector:PlacesBudget:CallsPerDay", "1"));
        var reservation = Assert.IsType<Granted>(await ReserveAsync(budget, "a")).Reservation;
        Assert.True(await budget.ReleaseAsync(reservation));
        Assert.False(reservation.TrySend());
        Assert.IsType<Granted>(await ReserveAsync(budget, "b"));
        Assert.Equal(BudgetReservationState.Released, (await rig.LedgerAsync())[0].State);
    }

    [Fact]
    public async Task A_reservation_whose_holder_vanished_is_spent_and_its_late_release_gives_nothing_back()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget(("Prospector:PlacesBudget:CallsPerDay", "1"), ("Prospector:PlacesBudget:LapsedCheck", "00:00:00.05"));
        var reservation = Assert.IsType<Granted>(await ReserveAsync(budget, "a")).Reservation;
        await rig.SqlAsync($"UPDATE prospector.budget_reservations SET reserved_at = now() - interval '1 minute', expires_at = now() - interval '1 second'");
        await Rig.UntilAsync(async () => (await rig.LedgerAsync())[0].State == BudgetReservationState.AssumedSpent);
        await budget.ReleaseAsync(reservation);
        var window = await rig.WindowAsync(BudgetWindowKind.Month);
        Assert.Equal((1, 0), (window.Used, window.Reserved));
        Assert.IsType<Denied>(await ReserveAsync(budget, "b"));
    }

    [Fact]
    public async Task A_further_attempt_is_paid_again_and_writes_off_the_one_before()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget();
        await ReserveAsync(budget, "page");
        await ReserveAsync(budget, "page");
        var ledger = await rig.LedgerAsync();
        Assert.Equal([(1, BudgetReservationState.AssumedSpent), (2, BudgetReservationState.Reserved)], ledger.Select(row => (row.Attempt, row.State)));
        var window = await rig.WindowAsync(BudgetWindowKind.Day);
        Assert.Equal((1, 1), (window.Used, window.Reserved));
    }

    [Fact]
    public async Task Calls_cost_money_once_the_free_ones_are_used()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget(("Prospector:PlacesBudget:Prices:text-search-enterprise:FreePerMonth", "2"));
        for (var i = 0; i < 5; i++) await ReserveAsync(budget, $"key-{i}");
        Assert.Equal(3 * 35_000, (await rig.WindowAsync(BudgetWindowKind.Month)).CostMicros);
        Assert.Equal([0, 0, 35_000, 35_000, 35_000], (await rig.LedgerAsync()).Select(row => row.CostMicros));
    }

    private static Task<BudgetDecision> ReserveAsync(PlacesBudget budget, string key, string sku = Sku) => budget.ReserveAsync(sku, key, jobId: null, Rig.Cancellation);
}
