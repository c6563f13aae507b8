using Shabou.BudgetStorm;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Tests;

/// <summary>The judge must be able to condemn.</summary>
public sealed class LedgerCheckTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 10, 20, 0, 0, TimeSpan.Zero);
    private static readonly Allowance Allowed = new(3, 5, 100);

    [Fact]
    public void A_sound_ledger_is_found_sound() => Assert.Empty(Check(Sound()));

    [Fact]
    public void A_day_above_its_cap_is_found()
    {
        var rows = Sound();
        rows.Add(Row(3, Start.AddHours(3)));
        Assert.Contains(Check(rows), problem => problem.Contains("4 calls on 2026-11-10", StringComparison.Ordinal));
    }

    [Fact]
    public void A_cap_that_was_passed_only_for_a_moment_is_found()
    {
        var rows = Sound();
        rows.Add(Row(3, Start.AddHours(3), BudgetReservationState.Released, Start.AddHours(3.1)));
        Assert.Contains(Check(rows), problem => problem.Contains("4 calls on 2026-11-10", StringComparison.Ordinal));
    }

    [Fact]
    public void A_call_given_back_makes_room()
    {
        var rows = Sound();
        rows[0] = Row(0, Start, BudgetReservationState.Released, Start.AddHours(1));
        rows.Add(Row(3, Start.AddHours(3)));
        Assert.Empty(Check(rows));
    }

    [Fact]
    public void Four_calls_within_a_day_on_two_calendar_days_are_found()
    {
        var rows = Sound();
        rows.Add(Row(3, Start.AddHours(23.9), day: new(2026, 11, 11)));
        Assert.Contains(Check(rows), problem => problem.Contains("4 calls within the 24 hours", StringComparison.Ordinal));
        rows[^1] = Row(3, Start.AddHours(24), day: new(2026, 11, 11));
        Assert.Empty(Check(rows));
    }

    [Fact]
    public void A_month_and_its_money_above_their_caps_are_found()
    {
        var rows = Enumerable.Range(0, 6).Select(i => Row(i, Start.AddDays(i), day: new DateOnly(2026, 11, 10).AddDays(i), cost: 20)).ToList();
        var problems = Check(rows);
        Assert.Contains(problems, problem => problem.Contains("6 calls in 2026-11", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("120 micro-dollars", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reservation_settled_twice_or_counted_nowhere_is_found()
    {
        var (rows, windows) = (Sound(), Windows(Sound()));
        windows[0].Used++;
        Assert.Contains(LedgerCheck.Check(rows, windows, _ => Allowed), problem => problem.Contains("says", StringComparison.Ordinal));
        Assert.Contains(LedgerCheck.Check(rows, [], _ => Allowed), problem => problem.Contains("There is no window", StringComparison.Ordinal));
    }

    [Fact]
    public void Days_that_go_back_gaps_between_attempts_and_states_that_contradict_themselves_are_found()
    {
        var rows = Sound();
        rows.Add(Row(3, Start.AddHours(3), day: new(2026, 11, 9)));
        rows.Add(Row(4, Start.AddHours(4), attempt: 2));
        rows[0].SettledAt = null;
        var problems = Check(rows);
        Assert.Contains(problems, problem => problem.Contains("went back", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("attempts of key-4", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("settled at", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Check(List<BudgetReservation> rows) => LedgerCheck.Check(rows, Windows(rows), _ => Allowed);

    private static List<BudgetReservation> Sound() => [Row(0, Start), Row(1, Start.AddHours(1)), Row(2, Start.AddHours(2), BudgetReservationState.Reserved)];

    private static BudgetReservation Row(
        int number, DateTimeOffset at, BudgetReservationState state = BudgetReservationState.Committed, DateTimeOffset? settled = null, DateOnly? day = null, long cost = 1, int attempt = 1) => new()
    {
        Id = Guid.NewGuid(), Scope = "places", IdempotencyKey = $"key-{number}", Attempt = attempt, Sku = "sku", Units = 1, DayKey = day ?? new(2026, 11, 10), MonthKey = new(2026, 11, 1),
        State = state, CostMicros = cost, ReservedAt = at, ExpiresAt = at.AddMinutes(2), SettledAt = state == BudgetReservationState.Reserved ? null : settled ?? at.AddSeconds(1),
    };

    // Windows that agree with the rows, so that only the rows are wrong.
    private static List<BudgetWindow> Windows(List<BudgetReservation> rows) =>
    [
        .. rows.GroupBy(r => r.DayKey).Select(day => Window(BudgetWindowKind.Day, day.Key, day)),
        .. rows.GroupBy(r => r.MonthKey).Select(month => Window(BudgetWindowKind.Month, month.Key, month)),
    ];

    private static BudgetWindow Window(BudgetWindowKind kind, DateOnly key, IEnumerable<BudgetReservation> rows)
    {
        var (held, reserved) = (rows.Where(r => r.State != BudgetReservationState.Released).ToList(), rows.Where(r => r.State == BudgetReservationState.Reserved).ToList());
        return new()
        {
            Scope = "places", Kind = kind, Key = key, Used = held.Count - reserved.Count, Reserved = reserved.Count, Cap = 1_000, CapMicros = 1_000,
            CostMicros = held.Sum(r => r.CostMicros), ReservedMicros = reserved.Sum(r => r.CostMicros),
        };
    }
}
