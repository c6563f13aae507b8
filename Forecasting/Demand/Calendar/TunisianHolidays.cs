using System.Globalization;

namespace Shabou.Forecasting;

/// <summary>The public holidays of Tunisia and Ramadan, as known influences on demand.</summary>
/// <remarks>
/// <para>The fixed days are those of the decrees in force: Revolution Day is January 14 from 2012 to 2021 and December 17 from 2021 on (presidential decree of December 2021).
/// Holidays abolished before 2012 are left out.</para>
/// <para>The Islamic days are computed with the Umm al-Qura calendar, known decades ahead. Tunisia follows the sighting of the moon, so the
/// real day may be one earlier or later; in a weekly or monthly sum that seldom matters. <c>corrections</c> puts right what is known
/// better: from the computed first day of a feast, of Ramadan or of a year to the days by which it really came later (+1) or earlier (-1).</para>
/// </remarks>
public static class TunisianHolidays
{
    /// <summary>First and last year that can be computed.</summary>
    public const int FirstYear = 1901, LastYear = 2076;

    private const int LastIslamicYear = 1500;
    private static readonly UmAlQuraCalendar Islamic = new();

    /// <summary>The holidays of a year in order of date.</summary>
    /// <param name="year">Of the common calendar, <see cref="FirstYear"/> to <see cref="LastYear"/>.</param>
    /// <param name="corrections">See the remarks; none by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The year cannot be computed.</exception>
    public static IReadOnlyList<TunisianHoliday> Of(int year, IReadOnlyDictionary<DateOnly, int>? corrections = null)
    {
        CheckYear(year);
        List<TunisianHoliday> days =
        [
            new(new(year, 1, 1), "New Year"), new(new(year, 3, 20), "Independence Day"), new(new(year, 4, 9), "Martyrs' Day"),
            new(new(year, 5, 1), "Labour Day"), new(new(year, 7, 25), "Republic Day"), new(new(year, 8, 13), "Women's Day"),
            new(new(year, 10, 15), "Evacuation Day"),
        ];
        if (year is >= 2012 and <= 2021) days.Add(new(new(year, 1, 14), "Revolution Day"));
        if (year >= 2021) days.Add(new(new(year, 12, 17), "Revolution Day"));
        AddFeast(days, year, month: 10, day: 1, length: 2, "Aid el-Fitr", corrections);
        AddFeast(days, year, month: 12, day: 10, length: 2, "Aid el-Adha", corrections);
        AddFeast(days, year, month: 1, day: 1, length: 1, "Ras el Am el Hijri", corrections);
        AddFeast(days, year, month: 3, day: 12, length: 1, "Mouled", corrections);
        days.Sort((left, right) => left.Date.CompareTo(right.Date));
        return days;
    }

    /// <summary>How many public holidays each period holds: a regressor. A day with two reasons counts once.</summary>
    /// <param name="start">First day of the first period; the first of the month for months and quarters.</param>
    /// <param name="length">Of a period.</param>
    /// <param name="periods">How many, history and horizon together; 0 or more.</param>
    /// <param name="corrections">See the remarks; none by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A year cannot be computed.</exception>
    public static double[] DaysPerPeriod(DateOnly start, PeriodLength length, int periods, IReadOnlyDictionary<DateOnly, int>? corrections = null) =>
        Count(start, length, periods, year => Of(year, corrections).Select(day => day.Date));

    /// <summary>How many days of Ramadan each period holds: a regressor of its own, because shops are open but at other hours.</summary>
    /// <inheritdoc cref="DaysPerPeriod"/>
    public static double[] RamadanDaysPerPeriod(DateOnly start, PeriodLength length, int periods, IReadOnlyDictionary<DateOnly, int>? corrections = null) =>
        Count(start, length, periods, year => Ramadan(year, corrections));

    private static double[] Count(DateOnly start, PeriodLength length, int periods, Func<int, IEnumerable<DateOnly>> daysOf)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(periods);
        var counts = new double[periods];
        if (periods == 0) return counts;
        var end = StartOf(start, length, periods);
        CheckYear(start.Year);
        CheckYear(end.AddDays(-1).Year);
        var days = new SortedSet<DateOnly>();
        for (var year = Math.Max(FirstYear, start.Year - 1); year <= Math.Min(LastYear, end.Year); year++) days.UnionWith(daysOf(year)); // a correction may cross New Year

        var period = 0;
        var next = StartOf(start, length, 1);
        foreach (var day in days)
        {
            if (day < start || day >= end) continue;
            while (day >= next) next = StartOf(start, length, ++period + 1);
            counts[period]++;
        }

        return counts;
    }

    private static DateOnly StartOf(DateOnly start, PeriodLength length, int period) => length switch
    {
        PeriodLength.Day => start.AddDays(period),
        PeriodLength.Week => start.AddDays(7 * period),
        PeriodLength.Month => start.AddMonths(period),
        _ => start.AddMonths(3 * period),
    };

    private static IEnumerable<DateOnly> Ramadan(int year, IReadOnlyDictionary<DateOnly, int>? corrections)
    {
        foreach (var (islamicYear, first) in Occurrences(year, month: 9, day: 1))
        {
            var end = Corrected(Common(islamicYear, 10, 1), corrections);
            for (var day = Corrected(first, corrections); day < end; day = day.AddDays(1)) yield return day;
        }
    }

    private static void AddFeast(List<TunisianHoliday> days, int year, int month, int day, int length, string name, IReadOnlyDictionary<DateOnly, int>? corrections)
    {
        foreach (var (_, first) in Occurrences(year, month, day))
            for (var i = 0; i < length; i++) days.Add(new(Corrected(first, corrections).AddDays(i), name));
    }

    // An Islamic year is 11 days shorter, so a day of it falls into a common year once or twice,
    // and a year can touch three of them.
    private static IEnumerable<(int IslamicYear, DateOnly Date)> Occurrences(int year, int month, int day)
    {
        var first = Islamic.GetYear(new DateTime(year, 1, 1));
        for (var islamicYear = first; islamicYear <= Math.Min(first + 2, LastIslamicYear); islamicYear++)
            if (Common(islamicYear, month, day) is var date && date.Year == year) yield return (islamicYear, date);
    }

    private static DateOnly Common(int islamicYear, int month, int day) => DateOnly.FromDateTime(Islamic.ToDateTime(islamicYear, month, day, 0, 0, 0, 0));

    private static DateOnly Corrected(DateOnly date, IReadOnlyDictionary<DateOnly, int>? corrections) =>
        date.AddDays(corrections?.GetValueOrDefault(date) ?? 0);

    private static void CheckYear(int year)
    {
        if (year is < FirstYear or > LastYear)
            throw new ArgumentOutOfRangeException(nameof(year), year, $"Holidays are known from {FirstYear} to {LastYear}.");
    }
}
