using Shabou.ProspectorService.Budgets;
using Shabou.Testing;
using static Shabou.ProspectorService.Budgets.BudgetDecision;

namespace Shabou.ProspectorService.Tests;

public sealed class BudgetClockTests(TestServers servers)
{
    private const string Sku = PlacesSku.TextSearchEnterprise;
    private const string ReadOn = "Prospector:PlacesBudget:Prices:text-search-enterprise:ReadOn";

    [Theory]
    [InlineData("-02:00:00")]
    [InlineData("1.02:00:00")]
    [InlineData("-00:00:07")]
    [InlineData("00:00:07")]
    public async Task A_replica_whose_clock_is_off_gets_no_call_and_opens_no_day(string ahead)
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget();
        Assert.IsType<Granted>(await ReserveAsync(budget, "before"));
        rig.Clock.Ahead = TimeSpan.Parse(ahead, System.Globalization.CultureInfo.InvariantCulture);
        var denied = Assert.IsType<Denied>(await ReserveAsync(budget, "off"));
        Assert.Equal(DenialReason.ClockSuspect, denied.Reason);
        Assert.InRange(denied.RetryAt!.Value, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow + TimeSpan.FromMinutes(2));
        Assert.Single(await rig.LedgerAsync());
        rig.Clock.Ahead = TimeSpan.FromSeconds(-2);
        Assert.IsType<Granted>(await ReserveAsync(budget, "within five seconds"));
    }

    [Fact]
    public async Task The_databases_clock_off_by_a_month_opens_no_month()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget();
        await rig.MoveLedgerClockAsync(TimeSpan.FromDays(31));
        Assert.Equal(DenialReason.ClockSuspect, Assert.IsType<Denied>(await ReserveAsync(budget, "a")).Reason);
        await rig.MoveLedgerClockAsync(TimeSpan.Zero);
        Assert.Equal(4_499, Assert.IsType<Granted>(await ReserveAsync(budget, "b")).LeftThisMonth);
    }

    [Fact]
    public async Task Calls_before_midnight_leave_none_after_it_until_they_are_a_day_old()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget(("Prospector:PlacesBudget:CallsPerDay", "4"), (ReadOn, "2027-05-01"));
        var midnight = Midnight(2027, 5, 12);
        await rig.TravelToAsync(midnight - TimeSpan.FromMinutes(30));
        for (var i = 0; i < 3; i++) Assert.IsType<Granted>(await ReserveAsync(budget, $"evening-{i}"));

        await rig.TravelToAsync(midnight + TimeSpan.FromMinutes(30));
        var last = Assert.IsType<Granted>(await ReserveAsync(budget, "night"));
        Assert.Equal(0, last.LeftToday); // the calendar day has three more
        var denied = Assert.IsType<Denied>(await ReserveAsync(budget, "denied"));
        Assert.Equal(DenialReason.DayCap, denied.Reason);
        Assert.InRange(denied.RetryAt!.Value, midnight + TimeSpan.FromHours(23.4), midnight + TimeSpan.FromHours(23.6));

        await rig.TravelToAsync(denied.RetryAt.Value + TimeSpan.FromSeconds(10));
        Assert.IsType<Granted>(await ReserveAsync(budget, "next evening"));
        Assert.Empty(await rig.CheckAsync(new(4, 4_500, 300_000_000)));
    }

    [Fact]
    public async Task A_clock_that_goes_back_finds_the_day_that_was_open()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget(("Prospector:PlacesBudget:CallsPerDay", "4"));
        await ReserveAsync(budget, "today");
        await rig.TravelAsync(TimeSpan.FromHours(26));
        await ReserveAsync(budget, "tomorrow");
        await rig.TravelAsync(TimeSpan.Zero);
        for (var i = 0; i < 2; i++) Assert.IsType<Granted>(await ReserveAsync(budget, $"back-{i}"));
        Assert.Equal(DenialReason.DayCap, Assert.IsType<Denied>(await ReserveAsync(budget, "back-2")).Reason);
        var days = (await rig.LedgerAsync()).ToDictionary(row => row.IdempotencyKey, row => row.DayKey);
        Assert.True(days["today"] < days["tomorrow"]);
        Assert.All(["back-0", "back-1"], key => Assert.Equal(days["tomorrow"], days[key]));
    }

    [Fact]
    public async Task A_new_month_begins_at_midnight_in_California_and_has_its_own_calls_and_money()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget(("Prospector:PlacesBudget:MicrosPerMonth", "70000"), ("Prospector:PlacesBudget:Prices:text-search-enterprise:FreePerMonth", "0"), (ReadOn, "2027-01-01"));
        var midnight = Midnight(2027, 2, 1);
        await rig.TravelToAsync(midnight - TimeSpan.FromMinutes(1));
        for (var i = 0; i < 2; i++) Assert.IsType<Granted>(await ReserveAsync(budget, $"january-{i}"));
        var denied = Assert.IsType<Denied>(await ReserveAsync(budget, "january-2"));
        Assert.Equal((DenialReason.MoneyCap, midnight), (denied.Reason, denied.RetryAt));
        await rig.TravelToAsync(midnight + TimeSpan.FromSeconds(1));
        Assert.Equal(35_000, Assert.IsType<Granted>(await ReserveAsync(budget, "february")).LeftMicros);
        Assert.Equal([new(2027, 1, 1), new(2027, 1, 1), new DateOnly(2027, 2, 1)], (await rig.LedgerAsync()).Select(row => row.MonthKey));
    }

    [Theory]
    [InlineData(2027, 3, 14, 23)] // an hour is left out
    [InlineData(2027, 11, 7, 25)] // an hour is had twice
    public async Task On_the_days_that_change_the_clocks_a_day_ends_when_California_says(int year, int month, int day, int hours)
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget(("Prospector:PlacesBudget:CallsPerDay", "1"), (ReadOn, $"{year}-{month:00}-01"));
        var midnight = Midnight(year, month, day);
        await rig.TravelToAsync(midnight + TimeSpan.FromMinutes(1));
        await ReserveAsync(budget, "early");
        await rig.TravelToAsync(midnight + TimeSpan.FromHours(hours) - TimeSpan.FromMinutes(2));
        var late = Assert.IsType<Denied>(await ReserveAsync(budget, "late"));
        Assert.Equal(DenialReason.DayCap, late.Reason);
        Assert.True(late.RetryAt >= midnight + TimeSpan.FromHours(hours));
        await rig.TravelToAsync(late.RetryAt!.Value + TimeSpan.FromSeconds(5));
        Assert.IsType<Granted>(await ReserveAsync(budget, "next day"));
        Assert.Equal([new(year, month, day), new DateOnly(year, month, day).AddDays(1)], (await rig.LedgerAsync()).Select(row => row.DayKey));
        Assert.Empty(await rig.CheckAsync(new(1, 4_500, 300_000_000)));
    }

    [Fact]
    public async Task A_price_that_nobody_has_read_for_ninety_days_pays_for_nothing()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget();
        await rig.TravelAsync(TimeSpan.FromDays(89));
        Assert.IsType<Granted>(await ReserveAsync(budget, "still believed"));
        await rig.TravelAsync(TimeSpan.FromDays(92));
        var denied = Assert.IsType<Denied>(await ReserveAsync(budget, "stale"));
        Assert.Equal((DenialReason.StalePrice, null), (denied.Reason, denied.RetryAt));
        var misread = rig.Budget((ReadOn, "2062-11-01"));
        Assert.Equal(DenialReason.StalePrice, Assert.IsType<Denied>(await ReserveAsync(misread, "from the future")).Reason);
    }

    [Fact]
    public async Task A_reservation_that_was_held_too_long_is_not_sent_and_is_given_back()
    {
        await using var rig = await Rig.NewAsync(servers);
        var budget = rig.Budget();
        var granted = Assert.IsType<Granted>(await budget.ReserveAsync(new BudgetWish(Sku, "slow", Lifetime: TimeSpan.FromSeconds(1)), Rig.Cancellation));
        await Rig.UntilAsync(() => Task.FromResult(granted.Reservation.HasLapsed));
        Assert.False(granted.Reservation.TrySend());
        Assert.True(await budget.ReleaseAsync(granted.Reservation));
    }

    private static DateTimeOffset Midnight(int year, int month, int day)
    {
        var local = new DateTime(year, month, day);
        return new DateTimeOffset(local, TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles").GetUtcOffset(local)).ToUniversalTime();
    }

    private static Task<BudgetDecision> ReserveAsync(PlacesBudget budget, string key) => budget.ReserveAsync(Sku, key, jobId: null, Rig.Cancellation);
}
