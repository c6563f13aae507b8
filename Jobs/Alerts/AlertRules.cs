using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shabou.Schema;
using Shabou.Schema.Ops;

namespace Shabou.Jobs.Alerts;

/// <summary>Holds the rules against the queues. What fires is a row that all processes share, so an alert is said once, and once more when it is over.</summary>
internal sealed class AlertRules(ShabouContext context, IOptions<AlertOptions> options)
{
    /// <summary>Call it in a transaction that only one process has at a time.</summary>
    public async Task EvaluateAsync(IReadOnlyList<QueueDepth> depths, CancellationToken cancellationToken)
    {
        context.ChangeTracker.Clear();
        var now = await context.Database.SqlQuery<DateTimeOffset>($"""SELECT now() AS "Value" """).SingleAsync(cancellationToken);
        var attempts = await context.JobMinutes.Where(m => m.Minute > now.AddMinutes(-5)).GroupBy(m => m.Queue)
            .Select(g => new { Queue = g.Key, Succeeded = g.Sum(m => m.Succeeded), Failed = g.Sum(m => m.Failed) }).ToDictionaryAsync(g => g.Queue, cancellationToken);
        var workers = await context.JobWorkers.AsNoTracking().OrderBy(w => w.WorkerId).ThenBy(w => w.Queue).ToListAsync(cancellationToken);
        var seen = workers.GroupBy(w => w.Queue).ToDictionary(g => g.Key, g => g.Max(w => w.SeenAt));
        var states = await context.AlertRuleStates.OrderBy(s => s.Rule).ThenBy(s => s.Subject).ToDictionaryAsync(s => (s.Rule, s.Subject), cancellationToken);

        foreach (var queue in depths.Select(d => d.Queue).Union(seen.Keys))
        {
            var done = attempts.GetValueOrDefault(queue);
            var health = new QueueHealth(queue, depths.FirstOrDefault(d => d.Queue == queue)?.Due ?? 0, done?.Succeeded ?? 0, done?.Failed ?? 0,
                seen.TryGetValue(queue, out var at) ? now - at : null);
            foreach (var rule in AlertRule.All) Hold(rule, health, states.GetValueOrDefault((rule.Name, queue)), now);
        }
        await context.SaveChangesAsync(cancellationToken);
    }

    private void Hold(AlertRule rule, QueueHealth health, AlertRuleState? state, DateTimeOffset now)
    {
        var turns = state is { Firing: true } ? rule.IsOver(health, options.Value) : rule.Begins(health, options.Value);
        if (!turns)
        {
            if (state is not null) state.TurningSince = null;
            return;
        }
        if (state is null) context.Add(state = new AlertRuleState { Rule = rule.Name, Subject = health.Queue, Firing = false, ChangedAt = now });
        state.TurningSince ??= now;
        if (now - state.TurningSince < options.Value.Hold) return;

        (state.Firing, state.TurningSince, state.ChangedAt) = (!state.Firing, null, now);
        context.Alerts.Add(new Alert
        {
            Id = Guid.CreateVersion7(now),
            Kind = rule.Name,
            Subject = health.Queue,
            Severity = state.Firing ? rule.Severity : AlertSeverity.Info,
            Summary = state.Firing ? rule.Says(health) : $"The alert {rule.Name} of queue {health.Queue} is over.",
            Detail = JsonSerializer.Serialize(health, JsonSerializerOptions.Web),
            CreatedAt = now,
        });
    }
}
