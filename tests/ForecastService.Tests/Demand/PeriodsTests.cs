using Shabou.ForecastService.Demand;

namespace Shabou.ForecastService.Tests.Demand;

public sealed class PeriodsTests
{
    [Theory]
    [InlineData('Y', "2026-11-21", "2026-01-01", "2027-01-01")]
    [InlineData('Q', "2026-11-21", "2026-10-01", "2027-01-01")]
    [InlineData('M', "2026-12-31", "2026-12-01", "2027-01-01")]
    [InlineData('W', "2026-11-22", "2026-11-16", "2026-11-23")] // a Sunday ends its week
    [InlineData('D', "2026-12-31", "2026-12-31", "2027-01-01")]
    [InlineData('O', "1970-01-05", "1970-01-05", "1970-01-06")]
    public void A_day_stands_for_its_period_and_the_next_number_is_the_next_period(char frequency, string day, string start, string next)
    {
        var index = Periods.IndexOf(frequency, DateOnly.Parse(day, null));
        Assert.Equal(DateOnly.Parse(start, null), Periods.StartOf(frequency, index));
        Assert.Equal(DateOnly.Parse(next, null), Periods.StartOf(frequency, index + 1));
    }

    [Theory]
    [InlineData('W', "1970-01-05")]
    [InlineData('M', "1970-01-01")]
    [InlineData('O', "1970-01-01")]
    public void A_history_without_a_start_begins_in_1970(char frequency, string start) =>
        Assert.Equal(DateOnly.Parse(start, null), Periods.StartOf(frequency, Periods.DefaultStart(frequency)));
}
