using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Prospector;

namespace Shabou.BudgetStorm;

/// <summary>What a storm left behind.</summary>
/// <param name="Seen">Calls that the simulator saw, whatever it answered.</param>
/// <param name="SeenByStatus">Those with an answer by HTTP status; "none" had none.</param>
/// <param name="Committed">Reservations whose call was settled by who made it.</param>
/// <param name="AssumedSpent">Reservations whose holder vanished.</param>
/// <param name="Released">Reservations given back because nothing was sent.</param>
/// <param name="Starts">Processes started, those started again included.</param>
/// <param name="Outcomes">What the processes said of their reservations.</param>
/// <param name="Alerts">Keys of the alerts said.</param>
/// <param name="Elapsed">From the first start to the last settlement.</param>
/// <param name="ReservedAfterSwitch">Grants after the kill switch, which must be none; null when it was not thrown.</param>
/// <param name="Problems">Everything that contradicts the contract; empty when it held.</param>
public sealed record StormReport(
    int Seen, IReadOnlyDictionary<string, int> SeenByStatus, int Committed, int AssumedSpent, int Released, int Starts, IReadOnlyDictionary<string, int> Outcomes,
    IReadOnlyList<string> Alerts, TimeSpan Elapsed, int? ReservedAfterSwitch, IReadOnlyList<string> Problems)
{
    private static readonly Allowance Allowed = new(150, 4_500, 300_000_000);

    internal static async Task<StormReport> ReadAsync(
        string database, HttpClient simulator, IReadOnlyDictionary<string, int> outcomes, int starts, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        await using var context = new ShabouContext(new DbContextOptionsBuilder<ShabouContext>().UseNpgsql(database).Options);
        var rows = await context.BudgetReservations.AsNoTracking().ToListAsync(cancellationToken);
        var alerts = await context.Alerts.Where(a => a.OnceKey != null).OrderBy(a => a.Id).Select(a => a.OnceKey!).ToListAsync(cancellationToken);
        var thrown = await context.BudgetChanges.Where(c => c.What == "killed").Select(c => (DateTimeOffset?)c.At).FirstOrDefaultAsync(cancellationToken);
        var calls = await CallsAsync(simulator, cancellationToken);
        return new(
            calls.Count, calls.CountBy(call => call.Status).ToDictionary(), Count(rows, BudgetReservationState.Committed), Count(rows, BudgetReservationState.AssumedSpent),
            Count(rows, BudgetReservationState.Released), starts, outcomes, alerts, elapsed, thrown is { } at ? rows.Count(r => r.ReservedAt > at) : null,
            [.. await LedgerCheck.CheckAsync(context, Allowed, cancellationToken), .. Compare(rows, calls)]);
    }

    // Each call that was seen has a spent reservation of its own, and each reservation that knows an answer was seen to get that answer.
    private static IEnumerable<string> Compare(List<BudgetReservation> rows, List<(string Id, string Status)> calls)
    {
        if (calls.Count > Allowed.CallsPerDay) yield return $"The simulator saw {calls.Count} calls.";
        if (rows.Any(r => r.State == BudgetReservationState.Reserved)) yield return "Not every reservation is settled.";
        var spent = rows.Where(r => r.State is BudgetReservationState.Committed or BudgetReservationState.AssumedSpent).ToDictionary(r => r.Id.ToString());
        foreach (var (id, times) in calls.CountBy(call => call.Id))
            if (times > 1 || !spent.ContainsKey(id)) yield return $"Reservation {id} was seen {times} times, and is {(spent.ContainsKey(id) ? "spent once" : "not spent")}.";
        foreach (var (id, row) in spent)
        {
            var answers = calls.Where(call => call.Id == id).Select(call => call.Status).ToList();
            if (IsStatus(row.Outcome) && !answers.Contains(row.Outcome!)) yield return $"Reservation {id} ended as {row.Outcome}; the simulator says {string.Join(", ", answers)}.";
        }
    }

    private static bool IsStatus(string? outcome) => int.TryParse(outcome, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static int Count(List<BudgetReservation> rows, BudgetReservationState state) => rows.Count(r => r.State == state);

    private static async Task<List<(string Id, string Status)>> CallsAsync(HttpClient simulator, CancellationToken cancellationToken)
    {
        var log = await simulator.GetFromJsonAsync<JsonElement>("/simulator/calls/log?size=10000", cancellationToken);
        return [.. log.GetProperty("items").EnumerateArray().Select(call => (
            call.GetProperty("idempotencyKey").GetString() ?? "",
            call.GetProperty("status") is { ValueKind: JsonValueKind.Number } status ? status.GetInt32().ToString(CultureInfo.InvariantCulture) : "none"))];
    }
}
