using System.Data;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.BudgetStorm;

/// <summary>What was allowed: calls of a day and of any 24 hours, calls of a month, and millionths of a US dollar of a month.</summary>
public sealed record Allowance(int CallsPerDay, int CallsPerMonth, long MicrosPerMonth);

/// <summary>Judges a ledger by its rows alone, knowing nothing of the code that wrote them.</summary>
public static class LedgerCheck
{
    private static readonly TimeSpan Rolling = TimeSpan.FromHours(24);

    /// <summary>Reads all rows of one moment and checks them.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(ShabouContext context, Allowance allowed, CancellationToken cancellationToken)
    {
        await using var moment = await context.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var rows = await context.BudgetReservations.AsNoTracking().ToListAsync(cancellationToken);
        return Check(rows, await context.BudgetWindows.AsNoTracking().ToListAsync(cancellationToken), _ => allowed);
    }

    /// <summary>Everything that is wrong: a cap passed at any instant, more than a day's calls within any 24 hours, a reservation settled twice or
    /// counted in no window, a window key that went back, attempts with gaps. Empty when the ledger is sound.</summary>
    /// <param name="reservations">All rows.</param>
    /// <param name="windows">All rows.</param>
    /// <param name="allowed">What was allowed at an instant.</param>
    public static IReadOnlyList<string> Check(IReadOnlyCollection<BudgetReservation> reservations, IReadOnlyCollection<BudgetWindow> windows, Func<DateTimeOffset, Allowance> allowed)
    {
        var ordered = reservations.OrderBy(r => r.ReservedAt).ThenBy(r => r.Id).ToList();
        return [.. Rows(ordered), .. Sums(ordered, windows), .. Instants(ordered, allowed), .. AnyDay(ordered, allowed)];
    }

    private static IEnumerable<string> Rows(List<BudgetReservation> rows)
    {
        foreach (var row in rows)
        {
            if (row.State == BudgetReservationState.Reserved != row.SettledAt is null) yield return $"{row.Id} is {row.State} and settled at {row.SettledAt}.";
            if (row.SettledAt < row.ReservedAt) yield return $"{row.Id} was settled before it was reserved.";
            if (row.MonthKey != new DateOnly(row.DayKey.Year, row.DayKey.Month, 1)) yield return $"{row.Id} counts on {row.DayKey:O} but in {row.MonthKey:O}.";
        }
        foreach (var (earlier, later) in rows.Zip(rows.Skip(1)))
            if (later.DayKey < earlier.DayKey) yield return $"The day went back from {earlier.DayKey:O} to {later.DayKey:O} with {later.Id}.";
        foreach (var key in rows.GroupBy(r => r.IdempotencyKey))
        {
            if (!key.Select(r => r.Attempt).Order().SequenceEqual(Enumerable.Range(1, key.Count()))) yield return $"The attempts of {key.Key} are not 1 to {key.Count()}.";
            if (key.Count(r => r.State == BudgetReservationState.Reserved) > 1) yield return $"{key.Key} has two attempts under way.";
        }
    }

    // A reservation settled twice, or not at all, shows here: its window would count it twice, or in two columns.
    private static IEnumerable<string> Sums(List<BudgetReservation> rows, IReadOnlyCollection<BudgetWindow> windows)
    {
        var counted = rows.GroupBy(r => (BudgetWindowKind.Day, r.DayKey)).Concat(rows.GroupBy(r => (BudgetWindowKind.Month, r.MonthKey))).ToDictionary(g => g.Key, Figures.Of);
        foreach (var window in windows)
        {
            if (window.Used + window.Reserved > window.Cap || window.CostMicros > window.CapMicros) yield return $"{window.Kind} {window.Key:O} is above its own cap.";
            var (said, sum) = (new Figures(window.Used, window.Reserved, window.CostMicros, window.ReservedMicros), counted.GetValueOrDefault((window.Kind, window.Key), new(0, 0, 0, 0)));
            if (said != sum) yield return $"{window.Kind} {window.Key:O} says {said}, its reservations {sum}.";
        }
        foreach (var (kind, key) in counted.Keys.Except(windows.Select(w => (w.Kind, w.Key)))) yield return $"There is no window {kind} {key:O}.";
    }

    // Held from the grant on, until it was given back if ever: spent calls are held for good.
    private static IEnumerable<string> Instants(List<BudgetReservation> rows, Func<DateTimeOffset, Allowance> allowed)
    {
        var events = rows.Select(r => (At: r.ReservedAt, Gives: false, Row: r))
            .Concat(rows.Where(r => r.State == BudgetReservationState.Released).Select(r => (At: r.SettledAt!.Value, Gives: true, Row: r)))
            .OrderBy(e => e.At).ThenByDescending(e => e.Gives);
        var (days, months, money) = (new Dictionary<DateOnly, long>(), new Dictionary<DateOnly, long>(), new Dictionary<DateOnly, long>());
        foreach (var (at, gives, row) in events)
        {
            var sign = gives ? -1 : 1;
            var day = Add(days, row.DayKey, sign * row.Units);
            var month = Add(months, row.MonthKey, sign * row.Units);
            var micros = Add(money, row.MonthKey, sign * row.CostMicros);
            if (gives) continue;
            var most = allowed(at);
            if (day > most.CallsPerDay) yield return Text($"{at:O}: {day} calls on {row.DayKey:O}, allowed {most.CallsPerDay}.");
            if (month > most.CallsPerMonth) yield return Text($"{at:O}: {month} calls in {row.MonthKey:yyyy-MM}, allowed {most.CallsPerMonth}.");
            if (micros > most.MicrosPerMonth) yield return Text($"{at:O}: {micros} micro-dollars in {row.MonthKey:yyyy-MM}, allowed {most.MicrosPerMonth}.");
        }
    }

    private static IEnumerable<string> AnyDay(List<BudgetReservation> rows, Func<DateTimeOffset, Allowance> allowed)
    {
        for (var (first, last) = (0, 0); last < rows.Count; last++)
        {
            var end = rows[last].ReservedAt;
            while (rows[first].ReservedAt <= end - Rolling) first++;
            var calls = rows[first..(last + 1)].Where(r => r.State != BudgetReservationState.Released || r.SettledAt > end).Sum(r => r.Units);
            if (calls > allowed(end).CallsPerDay) yield return Text($"{calls} calls within the 24 hours before {end:O}, allowed {allowed(end).CallsPerDay}.");
        }
    }

    private static long Add(Dictionary<DateOnly, long> sums, DateOnly key, long figure) => sums[key] = sums.GetValueOrDefault(key) + figure;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Figures(long Used, long Reserved, long Micros, long ReservedMicros)
    {
        public static Figures Of(IEnumerable<BudgetReservation> rows) => rows.Aggregate(new Figures(0, 0, 0, 0), (sum, row) => row.State switch
        {
            BudgetReservationState.Released => sum,
            BudgetReservationState.Reserved => sum with { Reserved = sum.Reserved + row.Units, Micros = sum.Micros + row.CostMicros, ReservedMicros = sum.ReservedMicros + row.CostMicros },
            _ => sum with { Used = sum.Used + row.Units, Micros = sum.Micros + row.CostMicros },
        });
    }
}
