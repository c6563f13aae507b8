using Npgsql;

namespace Shabou.Gateway.Database;

/// <summary>Asks PostgreSQL for its statistics, in one round trip. The role must be of pg_monitor to see what other roles do.</summary>
internal static class ReadFigures
{
    private const int PatienceSeconds = 5;

    private const string Connections = """
        SELECT coalesce(a.usename::text, 'none'), coalesce(a.state, 'unknown'), coalesce(s.ssl, false), count(*)::int
        FROM pg_stat_activity a LEFT JOIN pg_stat_ssl s USING (pid) WHERE a.backend_type = 'client backend' GROUP BY 1, 2, 3
        """;

    private const string Plain = """
        SELECT a.pid, a.backend_start FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid)
        WHERE a.backend_type = 'client backend' AND a.client_addr IS NOT NULL AND NOT s.ssl
        """;

    private const string Sums = """
        SELECT current_setting('max_connections')::int, d.xact_commit, d.xact_rollback, d.deadlocks, d.blks_hit, d.blks_read, d.temp_bytes, pg_database_size(d.datid),
            coalesce((SELECT extract(epoch FROM max(clock_timestamp() - xact_start))::float8 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()), 0),
            coalesce((SELECT extract(epoch FROM max(clock_timestamp() - query_start))::float8 FROM pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()), 0)
        FROM pg_stat_database d WHERE d.datname = current_database()
        """;

    private const string Standbys = """
        SELECT application_name, coalesce(extract(epoch FROM replay_lag)::float8, 0),
            CASE WHEN pg_is_in_recovery() THEN 0 ELSE coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0)::bigint END
        FROM pg_stat_replication WHERE state = 'streaming' AND replay_lsn IS NOT NULL
        """;

    private const string Statements = """
        SELECT coalesce(sum(calls), 0)::bigint, coalesce(sum(total_exec_time), 0) / 1000, coalesce(sum(calls) FILTER (WHERE mean_exec_time > $1), 0)::bigint
        FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    /// <param name="connection">Open.</param>
    /// <param name="slow">A statement that takes longer on average is a slow one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DatabaseFigures> RunAsync(NpgsqlConnection connection, TimeSpan slow, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(Connections), new(Plain), new(Sums), new(Standbys) }, Timeout = PatienceSeconds };
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var connections = await ListAsync(rows, r => new ConnectionCount(r.GetString(0), r.GetString(1), r.GetBoolean(2), r.GetInt32(3)), cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        var plain = await ListAsync(rows, r => (r.GetInt32(0), r.GetDateTime(1)), cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        var sums = (await ListAsync(rows, r => new DatabaseFigures(
            r.GetInt32(0), connections, plain, r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetDouble(8), r.GetDouble(9), r.GetInt64(7), [], null), cancellationToken)).Single();
        await rows.NextResultAsync(cancellationToken);
        var standbys = await ListAsync(rows, r => new StandbyLag(r.GetString(0), r.GetDouble(1), r.GetInt64(2)), cancellationToken);
        await rows.CloseAsync();
        return sums with { Standbys = standbys, Statements = await StatementsAsync(connection, slow, cancellationToken) };
    }

    private static async Task<StatementSums?> StatementsAsync(NpgsqlConnection connection, TimeSpan slow, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Statements, connection) { CommandTimeout = PatienceSeconds, Parameters = { new() { Value = slow.TotalMilliseconds } } };
        try
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            return (await ListAsync(rows, r => new StatementSums(r.GetInt64(0), r.GetDouble(1), r.GetInt64(2)), cancellationToken)).Single();
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            return null; // the extension is not installed, or the server does not load it
        }
    }

    private static async Task<List<T>> ListAsync<T>(NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var list = new List<T>();
        while (await rows.ReadAsync(cancellationToken)) list.Add(read(rows));
        return list;
    }
}
