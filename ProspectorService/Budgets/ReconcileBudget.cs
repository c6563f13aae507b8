using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Ops;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Budgets;

/// <summary>What a comparison of the windows with the reservations found.</summary>
/// <param name="Windows">Windows compared: those of this month and of the one before.</param>
/// <param name="LargestDrift">0 when all agree; 0.01 is one percent of a count or of an amount.</param>
/// <param name="Drifts">One sentence for each window that does not agree.</param>
/// <param name="Killed">The drift was above one percent, so the switch is on and an alert is on its way.</param>
internal sealed record Reconciliation(int Windows, double LargestDrift, IReadOnlyList<string> Drifts, bool Killed);

/// <summary>Holds the windows against the reservations that they count. They move together, so any difference was made by something else; more than
/// one percent stops all calls until a person has looked. Run it once a day.</summary>
/// <remarks>Google tells no counts to an API key, so its side of the comparison is the quota and the budget alerts in its console.</remarks>
internal sealed partial class ReconcileBudget(LedgerTransactions ledger, ILogger<ReconcileBudget> logger)
{
    public const double MostDrift = 0.01;
    private const string Actor = "reconcile";

    /// <exception cref="Exception">The ledger is away, see <see cref="LedgerTransactions.IsDown"/>; try again later.</exception>
    public async Task<Reconciliation> RunAsync(CancellationToken cancellationToken)
    {
        var result = await ledger.RunAsync(CompareAsync, keep: _ => true, cancellationToken);
        if (result.Killed) LogKilled(result.LargestDrift, string.Join(' ', result.Drifts));
        else if (result.Drifts.Count > 0) LogDrift(result.LargestDrift, string.Join(' ', result.Drifts));
        return result;
    }

    private static async Task<Reconciliation> CompareAsync(BudgetLedger ledger, ShabouContext context, CancellationToken cancellationToken)
    {
        var now = await ledger.ReadAsync(cancellationToken);
        var rows = await ReadAsync(context, now.Month.AddMonths(-1), cancellationToken);
        var drifts = rows.Where(row => row.Drift > 0).Select(row => row.ToString()).ToList();
        var largest = rows.Select(row => row.Drift).DefaultIfEmpty(0).Max();
        if (largest > MostDrift) await KillAsync(context, now, largest, drifts, cancellationToken);
        return new(rows.Count, largest, drifts, largest > MostDrift);
    }

    private static Task<List<Row>> ReadAsync(ShabouContext context, DateOnly since, CancellationToken cancellationToken) => context.Database.SqlQuery<Row>($"""
        WITH rows AS (
            SELECT 'Day' AS kind, day_key AS key, * FROM prospector.budget_reservations WHERE scope = {BudgetSwitch.Places} AND month_key >= {since}
            UNION ALL SELECT 'Month', month_key, * FROM prospector.budget_reservations WHERE scope = {BudgetSwitch.Places} AND month_key >= {since}),
        sums AS (
            SELECT kind, key,
                COALESCE(sum(units) FILTER (WHERE state IN ('Committed', 'AssumedSpent')), 0) AS used, COALESCE(sum(units) FILTER (WHERE state = 'Reserved'), 0) AS reserved,
                COALESCE(sum(cost_micros) FILTER (WHERE state <> 'Released'), 0) AS cost
            FROM rows GROUP BY kind, key),
        windows AS (SELECT * FROM prospector.budget_windows WHERE scope = {BudgetSwitch.Places} AND key >= {since})
        SELECT kind AS "Kind", key AS "Key", COALESCE(w.used, 0)::bigint AS "Used", COALESCE(s.used, 0)::bigint AS "RowsUsed",
            COALESCE(w.reserved, 0)::bigint AS "Reserved", COALESCE(s.reserved, 0)::bigint AS "RowsReserved",
            COALESCE(w.cost_micros, 0)::bigint AS "Cost", COALESCE(s.cost, 0)::bigint AS "RowsCost"
        FROM windows w FULL JOIN sums s USING (kind, key)
        ORDER BY key, kind
        """).ToListAsync(cancellationToken);

    private static async Task KillAsync(ShabouContext context, LedgerState now, double drift, List<string> drifts, CancellationToken cancellationToken)
    {
        var summary = string.Create(CultureInfo.InvariantCulture,
            $"The budget of Google Places counts {drift:P1} other than its reservations say, so all calls were stopped; compare prospector.budget_windows with budget_reservations and with Google's console.");
        await BudgetAlerts.TellAsync(
            context, now, BudgetAlerts.Drift, AlertSeverity.Critical, summary, new { drift, windows = drifts.Take(20) }, $"budget/{BudgetSwitch.Places}/drift/{now.Day:O}", cancellationToken);
        await context.Database.ExecuteSqlAsync($"""
            UPDATE prospector.budget_switch SET killed = true, reason = {summary}, changed_by = {Actor}, changed_trace = NULL, changed_at = {now.Now}, revision = revision + 1
            WHERE scope = {BudgetSwitch.Places} AND NOT killed
            """, cancellationToken);
    }

    private sealed record Row(string Kind, DateOnly Key, long Used, long RowsUsed, long Reserved, long RowsReserved, long Cost, long RowsCost)
    {
        public double Drift => Math.Max(Of(Used, RowsUsed), Math.Max(Of(Reserved, RowsReserved), Of(Cost, RowsCost)));

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Kind} {Key:O}: used {Used} of {RowsUsed}, reserved {Reserved} of {RowsReserved}, cost {Cost} of {RowsCost}.");

        private static double Of(long window, long rows) => Math.Abs(window - rows) / (double)Math.Max(1, Math.Max(window, rows));
    }

    [LoggerMessage(LogLevel.Critical, "The budget's windows differ from its reservations by {Drift:P2}; all calls were stopped: {Drifts}")]
    private partial void LogKilled(double drift, string drifts);

    [LoggerMessage(LogLevel.Warning, "The budget's windows differ from its reservations by {Drift:P2}, which is within one percent: {Drifts}")]
    private partial void LogDrift(double drift, string drifts);
}
