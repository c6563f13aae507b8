using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shabou.Schema.Prospector;

namespace Shabou.Gateway.Health.Checks;

/// <summary>What of the day's and the month's calls to Google Places is used, and whether somebody threw the switch. Caps are those of the last
/// grant: a window that nothing was granted in has none.</summary>
internal sealed class BudgetUse(HealthDatabase database) : IHealthCheck
{
    private const double NearlySpent = 0.9;

    // The day never goes back, as the ledger's does not; days and months are those of Google's bills.
    private const string Sql = """
        SELECT s.killed, COALESCE(d.used + d.reserved, 0), COALESCE(d.cap, 0), COALESCE(m.used + m.reserved, 0), COALESCE(m.cap, 0),
            COALESCE(m.cost_micros, 0), COALESCE(m.cap_micros, 0)
        FROM prospector.budget_switch s
            CROSS JOIN LATERAL (SELECT GREATEST((now() AT TIME ZONE 'America/Los_Angeles')::date, s.last_day) AS day) t
            LEFT JOIN prospector.budget_windows d ON d.scope = s.scope AND d.kind = 'Day' AND d.key = t.day
            LEFT JOIN prospector.budget_windows m ON m.scope = s.scope AND m.kind = 'Month' AND m.key = date_trunc('month', t.day)::date
        WHERE s.scope = $1
        """;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        database.AskAsync(Sql, row => Judge(row.GetBoolean(0), new(row.GetInt32(1), row.GetInt32(2)), new(row.GetInt32(3), row.GetInt32(4)), new(row.GetInt64(5), row.GetInt64(6))),
            "what was spent", cancellationToken, BudgetSwitch.Places);

    private static HealthCheckResult Judge(bool killed, Use day, Use month, Use micros)
    {
        var nearly = day.IsNearlySpent || month.IsNearlySpent || micros.IsNearlySpent;
        var used = string.Create(CultureInfo.InvariantCulture, $"{day} calls of the day and {month} of the month are used.");
        return new(killed || nearly ? HealthStatus.Degraded : HealthStatus.Healthy, killed ? $"Spending is switched off. {used}" : used, data: new Dictionary<string, object>
        {
            ["killed"] = killed, ["dayUsed"] = day.Used, ["dayCap"] = day.Cap, ["monthUsed"] = month.Used, ["monthCap"] = month.Cap, ["microsUsed"] = micros.Used, ["microsCap"] = micros.Cap,
        });
    }

    private readonly record struct Use(long Used, long Cap)
    {
        public bool IsNearlySpent => Cap > 0 && Used >= NearlySpent * Cap;

        public override string ToString() => Cap > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Used} of {Cap}") : "none";
    }
}
