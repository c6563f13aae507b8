using System.Globalization;
using Shabou.Schema.Ops;

namespace Shabou.Jobs.Alerts;

/// <summary>How one queue does.</summary>
/// <param name="Due">Jobs that could run now.</param>
/// <param name="Succeeded">Attempts of the last five minutes that succeeded.</param>
/// <param name="Failed">And that failed.</param>
/// <param name="Silence">Since a worker was last seen; null when none ever was.</param>
internal sealed record QueueHealth(string Queue, int Due, int Succeeded, int Failed, TimeSpan? Silence)
{
    public int Attempts => Succeeded + Failed;
}

/// <summary>When an alert begins and when it is over. Between the two nothing changes, so that it does not flap.</summary>
internal sealed record AlertRule(string Name, AlertSeverity Severity, Func<QueueHealth, AlertOptions, bool> Begins, Func<QueueHealth, AlertOptions, bool> IsOver, Func<QueueHealth, string> Says)
{
    public static IReadOnlyList<AlertRule> All { get; } =
    [
        new("queue-depth", AlertSeverity.Warning,
            (q, o) => q.Due > o.QueueDepth,
            (q, o) => q.Due <= o.QueueDepth * 0.8,
            q => string.Create(CultureInfo.InvariantCulture, $"{q.Due} jobs of queue {q.Queue} are due and wait; look whether its workers are slow, or start more of them.")),
        new("job-errors", AlertSeverity.Critical,
            (q, o) => q.Attempts >= o.ErrorAttempts && q.Failed > o.ErrorShare * q.Attempts,
            (q, o) => q.Failed <= o.ErrorShare * 0.8 * q.Attempts,
            q => string.Create(CultureInfo.InvariantCulture, $"{q.Failed} of {q.Attempts} attempts in queue {q.Queue} failed in the last five minutes; the jobs' errors say why.")),
        new("no-worker", AlertSeverity.Critical,
            (q, o) => q.Silence > o.NoWorker || (q.Silence is null && q.Due > 0),
            (q, o) => q.Silence <= o.NoWorker,
            q => $"No worker of queue {q.Queue} has been seen for {(q.Silence is { } silence ? $"{silence.TotalSeconds:F0} s" : "ever")}; start its service."),
    ];
}
