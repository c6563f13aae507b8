using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Ops;
using Shabou.Schema.Prospector;

namespace Shabou.ProspectorService.Budgets;

/// <summary>Says what the money does, in the transaction that moves it: an alert is in the table or the call was never granted.</summary>
internal static class BudgetAlerts
{
    public const string Threshold = "budget-threshold";
    public const string Drift = "budget-drift";
    private const long MicrosPerDollar = 1_000_000;
    private const double Urgent = 0.8; // of the cap

    /// <summary>What the alerts of a month have as their subject.</summary>
    public static string Subject(DateOnly month) => string.Create(CultureInfo.InvariantCulture, $"{BudgetSwitch.Places} {month:yyyy-MM}");

    /// <summary>Tells each threshold that the month has reached, once: the unique key lets no second one in, whoever tries and however often.</summary>
    public static async Task TellAsync(ShabouContext context, LedgerState state, BudgetCaps caps, IEnumerable<int> thresholds, CancellationToken cancellationToken)
    {
        foreach (var dollars in thresholds.Where(dollars => dollars * MicrosPerDollar <= state.MonthMicros))
        {
            var severity = dollars * MicrosPerDollar >= Urgent * caps.MicrosPerMonth ? AlertSeverity.Critical : AlertSeverity.Warning;
            var summary = string.Create(CultureInfo.InvariantCulture,
                $"Google Places has cost ${dollars} of ${caps.MicrosPerMonth / (decimal)MicrosPerDollar:0.##} in {state.Month:MMMM yyyy}; lower the caps or throw the switch if that is too fast.");
            var detail = new { dollars, spentMicros = state.MonthMicros, capMicros = caps.MicrosPerMonth, month = state.Month };
            await TellAsync(context, state, Threshold, severity, summary, detail, OnceKey(state.Month, dollars), cancellationToken);
        }
    }

    /// <param name="context">In its transaction.</param>
    /// <param name="state">Which month and time it is.</param>
    /// <param name="kind">See the constants.</param>
    /// <param name="severity">How soon a person should look.</param>
    /// <param name="summary">One sentence for a person.</param>
    /// <param name="detail">Becomes JSON.</param>
    /// <param name="onceKey">What may be said once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task TellAsync(
        ShabouContext context, LedgerState state, string kind, AlertSeverity severity, string summary, object detail, string onceKey, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlAsync($"""
            INSERT INTO ops.alerts (id, kind, subject, severity, summary, detail, once_key, created_at, attempts)
            VALUES ({Guid.CreateVersion7(state.Now)}, {kind}, {Subject(state.Month)}, {severity.ToString()}, {summary}, {JsonSerializer.Serialize(detail, JsonSerializerOptions.Web)}::jsonb,
                {onceKey}, {state.Now}, 0)
            ON CONFLICT (once_key) DO NOTHING
            """, cancellationToken);

    private static string OnceKey(DateOnly month, int dollars) => string.Create(CultureInfo.InvariantCulture, $"budget/{BudgetSwitch.Places}/{month:yyyy-MM}/{dollars}");
}
