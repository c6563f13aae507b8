using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shabou.ProspectorService.Budgets;
using Shabou.Schema.Ops;
using Shabou.Schema.Prospector;
using Shabou.Testing;
using static Shabou.ProspectorService.Budgets.BudgetDecision;

namespace Shabou.ProspectorService.Tests;

public sealed class BudgetMoneyTests(TestServers servers)
{
    private const string Sku = PlacesSku.TextSearchEnterprise;
    private const string Price = "Prospector:PlacesBudget:Prices:text-search-enterprise:MicrosPerCall";
    private const string Free = "Prospector:PlacesBudget:Prices:text-search-enterprise:FreePerMonth";
    private const string Money = "Prospector:PlacesBudget:MicrosPerMonth";

    [Fact]
    public async Task Calls_end_with_the_last_one_that_the_money_pays_for()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget((Money, "100000"), (Free, "0"));
        Assert.Equal(65_000, Assert.IsType<Granted>(await ReserveAsync(budget, "a")).LeftMicros);
        Assert.Equal(30_000, Assert.IsType<Granted>(await ReserveAsync(budget, "b")).LeftMicros);
        var denied = Assert.IsType<Denied>(await ReserveAsync(budget, "c"));
        Assert.Equal(DenialReason.MoneyCap, denied.Reason);
        Assert.True(denied.RetryAt > DateTimeOffset.UtcNow);
        Assert.Equal((0, 2), await rig.WindowAsync(BudgetWindowKind.Day) is var day ? (day.Used, day.Reserved) : default); // both windows or neither
        Assert.Empty(await rig.CheckAsync(new(150, 4_500, 100_000)));
    }

    [Fact]
    public async Task Without_money_the_free_calls_remain()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget((Money, "0"), (Free, "2"));
        Assert.IsType<Granted>(await ReserveAsync(budget, "a"));
        Assert.IsType<Granted>(await ReserveAsync(budget, "b"));
        Assert.Equal(DenialReason.MoneyCap, Assert.IsType<Denied>(await ReserveAsync(budget, "c")).Reason);
    }

    [Fact]
    public async Task What_is_given_back_gives_its_money_back_and_what_is_made_keeps_it()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget((Money, "70000"), (Free, "0"));
        var (one, other) = (await GrantAsync(budget, "a"), await GrantAsync(budget, "b"));
        Assert.True(await budget.ReleaseAsync(one));
        await budget.CommitAsync(other, "500");
        var month = await rig.WindowAsync(BudgetWindowKind.Month);
        Assert.Equal((1, 0, 35_000, 0), (month.Used, month.Reserved, month.CostMicros, month.ReservedMicros));
        Assert.IsType<Granted>(await ReserveAsync(budget, "c"));
    }

    [Fact]
    public async Task The_database_itself_refuses_a_window_past_its_money()
    {
        await using var rig = await Rig.NewAsync(servers);
        await ReserveAsync(rig.Budget(), "a");
        var error = await Assert.ThrowsAsync<PostgresException>(() => rig.SqlAsync($"UPDATE prospector.budget_windows SET cost_micros = cap_micros + 1 WHERE kind = 'Month'"));
        Assert.Equal("ck_budget_windows_money", error.ConstraintName);
    }

    [Fact]
    public async Task A_call_of_several_units_takes_them_all_or_none_and_is_free_in_part()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget(("Prospector:PlacesBudget:CallsPerDay", "5"), (Free, "2"));
        var granted = Assert.IsType<Granted>(await budget.ReserveAsync(new BudgetWish(Sku, "three", Units: 3), Rig.Cancellation));
        Assert.Equal((2, 4_497, 300_000_000 - 35_000), (granted.LeftToday, granted.LeftThisMonth, granted.LeftMicros));
        Assert.Equal(DenialReason.DayCap, Assert.IsType<Denied>(await budget.ReserveAsync(new BudgetWish(Sku, "more", Units: 3), Rig.Cancellation)).Reason);
        await budget.CommitAsync(granted.Reservation, "200");
        Assert.Equal((3, 0), await rig.WindowAsync(BudgetWindowKind.Day) is var day ? (day.Used, day.Reserved) : default);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => budget.ReserveAsync(new BudgetWish(Sku, "none", Units: 0), Rig.Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => budget.ReserveAsync(new BudgetWish(Sku, "many", Units: 21), Rig.Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => budget.ReserveAsync(new BudgetWish(Sku, "long", Lifetime: TimeSpan.FromHours(1)), Rig.Cancellation));
        Assert.Empty(await rig.CheckAsync(new(5, 4_500, 300_000_000)));
    }

    [Fact]
    public async Task Each_threshold_is_told_once_whoever_passes_it_and_several_at_once_are_all_told()
    {
        await using var rig = await Rig.NewAsync(servers);
        (string, string)[] settings = [(Price, "10000000"), (Free, "0")]; // ten dollars a call
        var budgets = new[] { rig.Budget(settings), rig.Budget(settings) };
        await Task.WhenAll(Enumerable.Range(0, 9).Select(i => ReserveAsync(budgets[i % 2], $"under-{i}")));
        Assert.Empty(await AlertsAsync(rig));
        await ReserveAsync(budgets[0], "at 100");
        var first = Assert.Single(await AlertsAsync(rig));
        Assert.Equal(("budget-threshold", AlertSeverity.Warning, null), (first.Kind, first.Severity, first.SentAt));
        Assert.Contains("$100 of $300", first.Summary, StringComparison.Ordinal);
        await budgets[1].ReserveAsync(new BudgetWish(Sku, "to 280", Units: 18), Rig.Cancellation);
        await ReserveAsync(budgets[0], "at 290");
        var month = (await rig.WindowAsync(BudgetWindowKind.Month)).Key;
        Assert.Equal(
            [$"budget/places/{month:yyyy-MM}/100", $"budget/places/{month:yyyy-MM}/200", $"budget/places/{month:yyyy-MM}/250"],
            (await AlertsAsync(rig)).Select(alert => alert.OnceKey!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_budget_shows_its_money_its_alerts_and_how_old_its_prices_are()
    {
        await using var rig = await Rig.NewAsync(servers);
        var host = rig.Start((Price, "10000000"), (Free, "0"));
        using var client = host.SignedIn("USER");
        var budget = host.Services.GetRequiredService<PlacesBudget>();
        await budget.CommitAsync(await GrantAsync(budget, "spent"), "200");
        await budget.ReserveAsync(new BudgetWish(Sku, "reserved", Units: 10), Rig.Cancellation);
        await rig.TravelAsync(TimeSpan.FromMinutes(1));
        var view = await client.GetFromJsonAsync<JsonElement>("/api/v1/budget", Rig.Cancellation);
        var money = view.GetProperty("money");
        Assert.Equal((300_000_000, 10_000_000, 100_000_000, 190_000_000), (Int(money, "capMicros"), Int(money, "usedMicros"), Int(money, "reservedMicros"), Int(money, "leftMicros")));
        Assert.Equal((150, 11, 139), view.GetProperty("last24Hours") is var rolling ? (Int(rolling, "cap"), Int(rolling, "used"), Int(rolling, "left")) : default);
        var alert = Assert.Single(view.GetProperty("alerts").EnumerateArray());
        Assert.Equal(("budget-threshold", "warning"), (alert.GetProperty("kind").GetString(), alert.GetProperty("severity").GetString()));
        var price = Assert.Single(view.GetProperty("prices").EnumerateArray());
        Assert.InRange(Int(price, "ageDays"), -1, 1);
        Assert.False(price.GetProperty("stale").GetBoolean());

        static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task An_alert_and_the_call_that_caused_it_stand_or_fall_together()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget((Price, "10000000"), (Free, "0"), ("Prospector:PlacesBudget:AlertsAt:0", "10"));
        await rig.SqlAsync($"ALTER TABLE ops.alerts ADD CONSTRAINT refuse CHECK (false)");
        Assert.Equal(DenialReason.LedgerDown, Assert.IsType<Denied>(await ReserveAsync(budget, "a")).Reason);
        Assert.Empty(await rig.LedgerAsync());
        await rig.SqlAsync($"ALTER TABLE ops.alerts DROP CONSTRAINT refuse");
        Assert.IsType<Granted>(await ReserveAsync(budget, "b"));
        Assert.Single(await AlertsAsync(rig));
    }

    [Fact]
    public async Task With_prices_twenty_times_as_high_three_days_pass_every_threshold_once_and_stop_below_300_dollars()
    {
        await using var rig = await Rig.NewAsync(servers);
        var start = new DateTimeOffset(2028, 1, 5, 12, 0, 0, TimeSpan.Zero);
        var budget = rig.Budget((Price, "700000"), (Free, "0"), ("Prospector:PlacesBudget:Prices:text-search-enterprise:ReadOn", "2028-01-01"), ("Prospector:PlacesBudget:LedgerTimeout", "00:01:00"));
        var told = new List<int>();
        for (var day = 0; day < 3; day++)
        {
            await rig.TravelToAsync(start.AddDays(day * 1.1));
            var decisions = await Task.WhenAll(Enumerable.Range(0, 80).Select(i => budget.ReserveAsync(new BudgetWish(Sku, $"{day}-{i}", Units: 2), Rig.Cancellation)));
            Assert.Equal(day < 2 ? 75 : 64, decisions.OfType<Granted>().Count());
            Assert.All(decisions.OfType<Denied>(), denied => Assert.Equal(day < 2 ? DenialReason.DayCap : DenialReason.MoneyCap, denied.Reason));
            told.Add((await AlertsAsync(rig)).Count);
        }
        Assert.Equal([1, 2, 3], told);
        Assert.Equal(428 * 700_000L, (await rig.WindowAsync(BudgetWindowKind.Month)).CostMicros);
        Assert.Empty(await rig.CheckAsync(new(150, 4_500, 300_000_000)));
    }

    private static Task<List<Alert>> AlertsAsync(Rig rig) => rig.Database().Alerts.OrderBy(alert => alert.CreatedAt).ToListAsync(Rig.Cancellation);

    private static async Task<Reservation> GrantAsync(PlacesBudget budget, string key) => Assert.IsType<Granted>(await ReserveAsync(budget, key)).Reservation;

    private static Task<BudgetDecision> ReserveAsync(PlacesBudget budget, string key) => budget.ReserveAsync(Sku, key, jobId: null, Rig.Cancellation);
}
