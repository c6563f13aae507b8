using System.Diagnostics.Metrics;

namespace Shabou.Gateway.Database;

/// <summary>The metrics <c>shabou.postgres.*</c>: what was seen at the last look.</summary>
internal sealed class DatabaseMeter
{
    private readonly Counter<long> _plain;
    private readonly HashSet<(int, DateTime)> _plainSeen = [];
    private readonly ObservableGauge<int> _up;
    private volatile DatabaseFigures? _last;
    private volatile bool _answers;

    public DatabaseMeter(IMeterFactory meters)
    {
        var meter = meters.Create("Shabou.Postgres");
        _up = meter.CreateObservableGauge("shabou.postgres.up", () => _answers ? 1 : 0, description: "1 while PostgreSQL answers the question for its statistics.");
        _plain = meter.CreateCounter<long>("shabou.postgres.connections.plain", "{connection}", "Sessions that came over the network without TLS.");
        Gauges(meter, "shabou.postgres.connections", "{connection}", "Sessions by role, state and tls.",
            f => f.Connections.Select(c => Measure(c.Count, ("role", c.Role), ("state", c.State), ("tls", c.IsTls))));
        Gauges(meter, "shabou.postgres.connections.max", "{connection}", "What the server was started with.", f => [Measure(f.MaxConnections)]);
        Gauges(meter, "shabou.postgres.transaction.oldest", "s", "Since the oldest open transaction began.", f => [Measure(f.OldestTransaction)]);
        Gauges(meter, "shabou.postgres.statement.oldest", "s", "That the longest running statement has taken so far.", f => [Measure(f.OldestStatement)]);
        Gauges(meter, "shabou.postgres.size", "By", "Size of the database.", f => [Measure(f.Bytes)]);
        Gauges(meter, "shabou.postgres.replication.lag", "s", "Age of what each standby has replayed last.", f => f.Standbys.Select(s => Measure(s.Seconds, ("standby", s.Name))));
        Gauges(meter, "shabou.postgres.replication.behind", "By", "Written and not yet replayed by each standby.", f => f.Standbys.Select(s => Measure(s.Bytes, ("standby", s.Name))));
        Sums(meter, "shabou.postgres.transactions", "{transaction}", "By outcome: commit, rollback.", f => [Measure(f.Commits, ("outcome", "commit")), Measure(f.Rollbacks, ("outcome", "rollback"))]);
        Sums(meter, "shabou.postgres.deadlocks", "{deadlock}", "Found by the server.", f => [Measure(f.Deadlocks)]);
        Sums(meter, "shabou.postgres.blocks", "{block}", "By source: memory, disk.", f => [Measure(f.BlocksHit, ("source", "memory")), Measure(f.BlocksRead, ("source", "disk"))]);
        Sums(meter, "shabou.postgres.temporary", "By", "Written to temporary files by statements that had too little memory.", f => [Measure(f.TemporaryBytes)]);
        Sums(meter, "shabou.postgres.statements", "{call}", "Calls of statements; none without pg_stat_statements.", f => f.Statements is { } s ? [Measure(s.Calls)] : []);
        Sums(meter, "shabou.postgres.statements.time", "s", "That statements took.", f => f.Statements is { } s ? [Measure(s.Seconds)] : []);
        Sums(meter, "shabou.postgres.statements.slow", "{call}", "Calls of statements that are slow on average (DatabaseWatch:Slow).", f => f.Statements is { } s ? [Measure(s.SlowCalls)] : []);
    }

    /// <summary>Whether anybody listens: else nobody need look.</summary>
    public bool IsWanted => _up.Enabled;

    public void Saw(DatabaseFigures figures)
    {
        _plain.Add(figures.PlainSessions.Count(_plainSeen.Add));
        _plainSeen.IntersectWith(figures.PlainSessions); // those that are over need not be remembered
        (_last, _answers) = (figures, true);
    }

    /// <summary>What was known is no longer so.</summary>
    public void Missed() => (_last, _answers) = (null, false);

    private void Gauges(Meter meter, string name, string unit, string description, Func<DatabaseFigures, IEnumerable<Measurement<double>>> read) =>
        meter.CreateObservableGauge(name, () => _last is { } last ? read(last) : [], unit, description);

    private void Sums(Meter meter, string name, string unit, string description, Func<DatabaseFigures, IEnumerable<Measurement<double>>> read) =>
        meter.CreateObservableCounter(name, () => _last is { } last ? read(last) : [], unit, description);

    private static Measurement<double> Measure(double value, params (string Key, object? Value)[] tags) =>
        new(value, tags.Select(tag => new KeyValuePair<string, object?>(tag.Key, tag.Value)));
}
