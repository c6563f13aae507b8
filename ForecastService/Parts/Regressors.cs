using Shabou.ForecastService.Demand;
using Shabou.Forecasting;

namespace Shabou.ForecastService.Parts;

/// <summary>Known influences as numbers per period: promotions by kind, holidays, Ramadan. One instance serves the parts of one load: parts on the
/// same grid share the calendar's arrays.</summary>
/// <param name="horizon">Periods after the history that are known as well.</param>
/// <param name="holidaysFor">Frequencies that have the calendar's regressors.</param>
internal sealed class Regressors(int horizon, string holidaysFor)
{
    private readonly Dictionary<(char, int, int), double[][]> _calendar = [];

    /// <param name="frequency">Of the history; periods without a calendar (O) have no influences.</param>
    /// <param name="first">Number of its first period.</param>
    /// <param name="periods">Its length.</param>
    /// <param name="promotions">Of this part.</param>
    /// <returns>Promotions in order of kind, then holidays and Ramadan; those that are zero throughout are left out.</returns>
    public IReadOnlyList<double[]> Of(char frequency, int first, int periods, IEnumerable<PromotedDays> promotions)
    {
        if (frequency == 'O') return [];
        var count = periods + horizon;
        var kinds = promotions.GroupBy(p => p.Kind, StringComparer.Ordinal).OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => PromotedShare(frequency, first, count, kind)).Where(share => share.AsSpan().ContainsAnyExcept(0.0));
        return [.. kinds, .. Calendar(frequency, first, count)];
    }

    /// <summary>Share of each period's days on which one of these promotions ran, 0 to 1. A day with two of them counts once.</summary>
    internal static double[] PromotedShare(char frequency, int first, int count, IEnumerable<PromotedDays> promotions)
    {
        var share = new double[count];
        var done = DateOnly.MinValue; // days before it are counted
        foreach (var (_, _, _, from, to) in promotions.OrderBy(p => p.From))
        {
            var (day, after) = (from > done ? from : done, to.AddDays(1));
            for (var period = Math.Max(Periods.IndexOf(frequency, day), first); day < after && period < first + count; period++)
            {
                var (start, end) = (Periods.StartOf(frequency, period), Periods.StartOf(frequency, period + 1));
                var promoted = Math.Min(after.DayNumber, end.DayNumber) - Math.Max(day.DayNumber, start.DayNumber);
                if (promoted > 0) share[period - first] += (double)promoted / (end.DayNumber - start.DayNumber);
            }

            if (after > done) done = after;
        }

        return share;
    }

    private double[][] Calendar(char frequency, int first, int count)
    {
        PeriodLength? length = frequency switch { 'D' => PeriodLength.Day, 'W' => PeriodLength.Week, 'M' => PeriodLength.Month, 'Q' => PeriodLength.Quarter, _ => null };
        if (length is null || !holidaysFor.Contains(frequency, StringComparison.Ordinal)) return [];
        if (_calendar.TryGetValue((frequency, first, count), out var known)) return known;
        var (start, end) = (Periods.StartOf(frequency, first), Periods.StartOf(frequency, first + count));
        double[][] days = start.Year < TunisianHolidays.FirstYear || end.Year > TunisianHolidays.LastYear ? []
            : [TunisianHolidays.DaysPerPeriod(start, length.Value, count), TunisianHolidays.RamadanDaysPerPeriod(start, length.Value, count)];
        return _calendar[(frequency, first, count)] = [.. days.Where(d => d.AsSpan().ContainsAnyExcept(0.0))];
    }
}
