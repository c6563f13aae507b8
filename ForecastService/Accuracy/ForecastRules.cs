using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shabou.Schema;
using Shabou.Schema.Ops;

namespace Shabou.ForecastService.Accuracy;

/// <summary>A rule that is broken now.</summary>
/// <param name="Subject">What it is about; a rule can be broken for several at once.</param>
internal sealed record BrokenRule(string Rule, string Subject, string Summary);

/// <summary>Three rules over <see cref="ForecastHealth"/>. The figures change with a training run only, so they cannot flap and need not hold for a while.</summary>
internal static class ForecastRules
{
    public const string Coverage = "forecast-coverage";
    public const string ModelAge = "forecast-model-age";
    public const string Tracking = "forecast-tracking";

    private static readonly string[] s_all = [Coverage, ModelAge, Tracking];

    public static IReadOnlyList<BrokenRule> Broken(ForecastHealth health, WatchOptions options)
    {
        var broken = new List<BrokenRule>();
        foreach (var (demandClass, coverage) in health.Coverage)
        {
            if (coverage.Parts < options.LeastParts || (coverage.Share >= options.LeastCoverage && coverage.Share <= options.MostCoverage)) continue;
            broken.Add(new(Coverage, demandClass, string.Create(CultureInfo.InvariantCulture,
                $"{coverage.Share:P1} of the demand of {coverage.Parts} {demandClass} parts is within the 95 % intervals of {health.Version}; safety stocks are {(coverage.Share < options.LeastCoverage ? "too small" : "larger than needed")}. Train again, and look at /api/v1/accuracy.")));
        }

        if (health.Age > options.MaxModelAge)
            broken.Add(new(ModelAge, "model", string.Create(CultureInfo.InvariantCulture,
                $"The served model {health.Version} is {health.Age.TotalDays:F0} days old; start a training run, or find out why none succeeds.")));
        if (health.Tested >= options.LeastParts && health.AlarmShare > options.TrackingShare)
            broken.Add(new(Tracking, "parts", string.Create(CultureInfo.InvariantCulture,
                $"The forecasts of {health.Alarms} of {health.Tested} parts are wrong in one direction (tracking signal beyond {options.TrackingLimit}); train again, and look for what changed: prices, stock-outs, replaced parts.")));
        return broken;
    }

    /// <summary>Says what began to be broken and what is over. Call it in a transaction that only one process has at a time.</summary>
    public static async Task SayAsync(ShabouContext context, ForecastHealth health, IReadOnlyList<BrokenRule> broken, CancellationToken cancellationToken)
    {
        var now = await context.Database.SqlQuery<DateTimeOffset>($"""SELECT now() AS "Value" """).SingleAsync(cancellationToken);
        var states = await context.AlertRuleStates.Where(s => s_all.Contains(s.Rule)).OrderBy(s => s.Rule).ThenBy(s => s.Subject).ToListAsync(cancellationToken);
        var detail = JsonSerializer.Serialize(health, JsonSerializerOptions.Web);
        foreach (var rule in broken)
        {
            if (states.Find(s => s.Rule == rule.Rule && s.Subject == rule.Subject) is not { } state)
                context.Add(new AlertRuleState { Rule = rule.Rule, Subject = rule.Subject, Firing = true, ChangedAt = now });
            else if (state.Firing) continue;
            else (state.Firing, state.ChangedAt) = (true, now);
            Say(rule.Rule, rule.Subject, AlertSeverity.Warning, rule.Summary);
        }

        foreach (var state in states.Where(s => s.Firing && !broken.Any(rule => rule.Rule == s.Rule && rule.Subject == s.Subject)))
        {
            (state.Firing, state.ChangedAt) = (false, now);
            Say(state.Rule, state.Subject, AlertSeverity.Info, $"The alert {state.Rule} of {state.Subject} is over: {health.Version} is served.");
        }

        await context.SaveChangesAsync(cancellationToken);

        void Say(string kind, string subject, AlertSeverity severity, string summary) => context.Alerts.Add(new Alert
        {
            Id = Guid.CreateVersion7(now), Kind = kind, Subject = subject, Severity = severity, Summary = summary, Detail = detail, CreatedAt = now,
        });
    }
}
