using Shabou.ProspectorService.Campaigns;

namespace Shabou.ProspectorService.Tests;

public sealed class CampaignScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void By_default_a_campaign_is_due_once_a_month_whatever_day_somebody_looks()
    {
        var schedule = CampaignSchedule.Parse(CampaignSchedule.Monthly)!;
        Assert.False(schedule.IsMoreOftenThanMonthly);
        var looks = Enumerable.Range(0, 2 * 365).Select(day => (Day: Start.AddDays(day), Period: schedule.Due(Start, Start.AddDays(day)))).ToList();
        var started = looks.Where(look => look.Period is not null).DistinctBy(look => look.Period).ToList();
        Assert.Equal(24, started.Count);
        Assert.Equal(24, started.Select(look => (look.Day.Year, look.Day.Month)).Distinct().Count());
        Assert.All(started, look => Assert.Equal(1, look.Day.Day));
        Assert.Equal("2026-02", started[0].Period);
    }

    [Fact]
    public void What_was_missed_is_made_up_for_once()
    {
        var schedule = CampaignSchedule.Parse(CampaignSchedule.Monthly)!;
        Assert.Null(schedule.Due(Start, new(2026, 1, 31, 23, 0, 0, TimeSpan.Zero))); // the first of January was before it was scheduled
        Assert.Equal("2026-05", schedule.Due(Start, new(2026, 5, 28, 0, 0, 0, TimeSpan.Zero))); // and not also 02, 03 and 04
    }

    [Fact]
    public void The_hour_is_that_of_Tunis()
    {
        var schedule = CampaignSchedule.Parse(CampaignSchedule.Monthly)!;
        Assert.Null(schedule.Due(Start, new(2026, 2, 1, 1, 59, 59, TimeSpan.Zero)));
        Assert.Equal("2026-02", schedule.Due(Start, new(2026, 2, 1, 2, 0, 0, TimeSpan.Zero)));
        Assert.Equal(new(2026, 2, 1, 2, 0, 0, TimeSpan.Zero), schedule.Next(Start)!.Value.ToUniversalTime());
    }

    [Theory]
    [InlineData("0 0 3 1 * ?", false)]
    [InlineData("0 30 22 L * ?", false)]
    [InlineData("0 0 3 1 1/3 ?", false)]
    [InlineData("0 0 3 ? * MON#1", false)]
    [InlineData("0 0 3 1,15 * ?", true)]
    [InlineData("0 0 3 ? * MON", true)]
    [InlineData("0 0 3 * * ?", true)]
    [InlineData("0 0/5 * 1 6 ?", true)]
    [InlineData("* * * * * ?", true)]
    public void It_knows_whether_a_month_has_several(string cron, bool several) => Assert.Equal(several, CampaignSchedule.Parse(cron)!.IsMoreOftenThanMonthly);

    [Fact]
    public void Where_a_month_has_several_each_is_known_by_its_day() =>
        Assert.Equal("2026-02-15", CampaignSchedule.Parse("0 0 3 1,15 * ?")!.Due(Start, new(2026, 2, 20, 0, 0, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("monthly")]
    [InlineData("0 3 1 * *")]
    [InlineData("0 0 25 1 * ?")]
    [InlineData("")]
    public void What_is_no_cron_expression_is_none(string cron) => Assert.Null(CampaignSchedule.Parse(cron));

    [Theory]
    [InlineData("2026-11-21T07:59:00Z", "2026-11-21T08:01:00Z")]
    [InlineData("2026-11-21T08:00:00Z", "2026-11-22T08:01:00Z")]
    [InlineData("2026-03-08T07:00:00Z", "2026-03-08T08:01:00Z")] // the clock goes forward two hours later
    [InlineData("2026-03-08T20:00:00Z", "2026-03-09T07:01:00Z")]
    [InlineData("2026-11-01T20:00:00Z", "2026-11-02T08:01:00Z")]
    public void Googles_day_ends_at_midnight_in_California(string now, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture), PageFetch.NextDay(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));
}
