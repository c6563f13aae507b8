using Shabou.Forecasting;

namespace Shabou.Forecasting.Tests;

/// <summary>Tunisia's calendar against the dates that were or will be observed.</summary>
public sealed class TunisianHolidaysTests
{
    [Theory]
    [InlineData("2024-04-10", "Aid el-Fitr"), InlineData("2024-04-11", "Aid el-Fitr")]
    [InlineData("2024-06-16", "Aid el-Adha"), InlineData("2024-06-17", "Aid el-Adha")]
    [InlineData("2024-07-07", "Ras el Am el Hijri"), InlineData("2024-09-15", "Mouled")]
    [InlineData("2025-03-30", "Aid el-Fitr"), InlineData("2025-03-31", "Aid el-Fitr")]
    [InlineData("2025-06-06", "Aid el-Adha"), InlineData("2025-06-07", "Aid el-Adha")]
    [InlineData("2025-06-26", "Ras el Am el Hijri"), InlineData("2025-09-04", "Mouled")]
    [InlineData("2021-01-14", "Revolution Day"), InlineData("2021-12-17", "Revolution Day"), InlineData("2022-12-17", "Revolution Day")]
    [InlineData("2025-03-20", "Independence Day"), InlineData("2025-10-15", "Evacuation Day")]
    public void A_known_day_is_a_holiday(string date, string name)
    {
        var day = DateOnly.Parse(date, null);
        Assert.Contains(new TunisianHoliday(day, name), TunisianHolidays.Of(day.Year));
    }

    [Fact]
    public void Revolution_day_moved_to_december() =>
        Assert.DoesNotContain(TunisianHolidays.Of(2022), day => day.Date == new DateOnly(2022, 1, 14));

    [Fact]
    public void A_year_has_fourteen_days_in_order_unless_an_islamic_feast_comes_twice()
    {
        Assert.Equal(14, TunisianHolidays.Of(2025).Count); // 8 fixed, 2 + 2 + 1 + 1
        Assert.Equal(2, TunisianHolidays.Of(2008).Count(day => day.Name == "Ras el Am el Hijri")); // January 10 and December 29
        for (var year = TunisianHolidays.FirstYear; year <= TunisianHolidays.LastYear; year++)
        {
            var days = TunisianHolidays.Of(year).Select(day => day.Date).ToList();
            Assert.Equal(days.Order(), days);
            Assert.All(days, day => Assert.InRange(day.Year, year, year + 1)); // a second day may fall on New Year
        }
    }

    [Fact]
    public void Holidays_are_counted_per_month()
    {
        // 2025: New Year; none; independence and Aid el-Fitr twice; martyrs; labour; Aid el-Adha twice and Hijri year; republic; women; Mouled; evacuation; none; revolution.
        Assert.Equal([1, 0, 3, 1, 1, 3, 1, 1, 1, 1, 0, 1], TunisianHolidays.DaysPerPeriod(new(2025, 1, 1), PeriodLength.Month, 12));
        Assert.Equal([4, 5, 3, 2], TunisianHolidays.DaysPerPeriod(new(2025, 1, 1), PeriodLength.Quarter, 4));
    }

    [Fact]
    public void Holidays_are_counted_per_week_and_day()
    {
        Assert.Equal([1, 2, 0], TunisianHolidays.DaysPerPeriod(new(2024, 4, 3), PeriodLength.Week, 3)); // April 9; 10 and 11
        Assert.Equal([0, 1, 1, 1, 0], TunisianHolidays.DaysPerPeriod(new(2024, 4, 8), PeriodLength.Day, 5));
        Assert.Empty(TunisianHolidays.DaysPerPeriod(new(2024, 4, 8), PeriodLength.Day, 0));
    }

    [Fact]
    public void Ramadan_is_an_influence_of_its_own() // March 1 to 29, 2025; March 11 to April 9, 2024
    {
        Assert.Equal([0, 29, 0], TunisianHolidays.RamadanDaysPerPeriod(new(2025, 2, 1), PeriodLength.Month, 3));
        Assert.Equal([0, 21, 9, 0], TunisianHolidays.RamadanDaysPerPeriod(new(2024, 2, 1), PeriodLength.Month, 4));
    }

    [Fact]
    public void A_sighting_of_the_moon_corrects_a_date()
    {
        var corrections = new Dictionary<DateOnly, int> { [new(2025, 3, 30)] = 1 };
        Assert.Equal([0, 0, 1, 1], TunisianHolidays.DaysPerPeriod(new(2025, 3, 29), PeriodLength.Day, 4, corrections));
        Assert.Equal([0, 30, 0], TunisianHolidays.RamadanDaysPerPeriod(new(2025, 2, 1), PeriodLength.Month, 3, corrections));
    }

    [Fact]
    public void A_month_holds_what_its_days_hold()
    {
        var perDay = TunisianHolidays.DaysPerPeriod(new(2019, 1, 1), PeriodLength.Day, 365 * 6);
        var perMonth = TunisianHolidays.DaysPerPeriod(new(2019, 1, 1), PeriodLength.Month, 60);
        for (var month = 0; month < 60; month++)
        {
            var (from, to) = (new DateOnly(2019, 1, 1).AddMonths(month).DayNumber, new DateOnly(2019, 1, 1).AddMonths(month + 1).DayNumber);
            var origin = new DateOnly(2019, 1, 1).DayNumber;
            Assert.Equal(perDay[(from - origin)..(to - origin)].Sum(), perMonth[month]);
        }
    }

    [Fact]
    public void Years_beyond_the_islamic_calendar_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TunisianHolidays.Of(2077));
        Assert.Throws<ArgumentOutOfRangeException>(() => TunisianHolidays.DaysPerPeriod(new(2070, 1, 1), PeriodLength.Month, 1000));
    }
}
