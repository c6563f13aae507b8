namespace Shabou.Gateway.Database;

/// <summary>What PostgreSQL said at one look.</summary>
/// <param name="MaxConnections">What it was started with.</param>
/// <param name="Connections">Of its clients, counted.</param>
/// <param name="PlainSessions">Process id and start of each session that came over the network without TLS.</param>
/// <param name="Commits">Transactions since the statistics began, as the sums below.</param>
/// <param name="OldestTransaction">Seconds since the oldest open transaction began; 0 without one.</param>
/// <param name="OldestStatement">Seconds that the longest running statement has taken so far.</param>
/// <param name="Bytes">Size of the database.</param>
/// <param name="Standbys">Those that stream.</param>
/// <param name="Statements">Null where pg_stat_statements is not loaded.</param>
internal sealed record DatabaseFigures(
    int MaxConnections, IReadOnlyList<ConnectionCount> Connections, IReadOnlyList<(int Process, DateTime Start)> PlainSessions,
    long Commits, long Rollbacks, long Deadlocks, long BlocksHit, long BlocksRead, long TemporaryBytes,
    double OldestTransaction, double OldestStatement, long Bytes, IReadOnlyList<StandbyLag> Standbys, StatementSums? Statements);

/// <param name="Role">Who is connected.</param>
/// <param name="State">active, idle, idle in transaction ...</param>
/// <param name="IsTls">Encrypted.</param>
internal sealed record ConnectionCount(string Role, string State, bool IsTls, int Count);

/// <param name="Name">The application name of the standby.</param>
/// <param name="Seconds">How old what it has replayed last is; 0 when it has all.</param>
/// <param name="Bytes">Written by the primary and not replayed there.</param>
internal sealed record StandbyLag(string Name, double Seconds, long Bytes);

/// <param name="Calls">Of all statements.</param>
/// <param name="Seconds">That they took.</param>
/// <param name="SlowCalls">Of those that are slow on average.</param>
internal sealed record StatementSums(long Calls, double Seconds, long SlowCalls);
