using Npgsql;

namespace Shabou.Standby.Servers;

/// <summary>Questions to one of the two servers and orders to it, as its superuser. Each has a connection of its own: the server may be another
/// one than a moment ago.</summary>
internal sealed class DatabaseServer
{
    /// <summary>Name of the standby to its primary, and of its slot.</summary>
    public const string Standby = "standby";

    /// <summary>The role that streams.</summary>
    public const string ReplicationRole = "replication";

    private const int PatienceSeconds = 2;

    private const string Question = """
        SELECT r.in_recovery,
            CASE WHEN r.in_recovery THEN coalesce((SELECT received_tli FROM pg_stat_wal_receiver), (SELECT timeline_id FROM pg_control_checkpoint()))
                ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END,
            ((CASE WHEN r.in_recovery THEN coalesce(greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), '0/0') ELSE pg_current_wal_flush_lsn() END) - '0/0')::bigint,
            ((CASE WHEN r.in_recovery THEN coalesce(pg_last_wal_replay_lsn(), '0/0') ELSE pg_current_wal_flush_lsn() END) - '0/0')::bigint,
            CASE WHEN r.in_recovery AND pg_last_wal_receive_lsn() IS DISTINCT FROM pg_last_wal_replay_lsn() THEN now() - pg_last_xact_replay_timestamp() END,
            EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming'),
            current_setting('synchronous_standby_names'),
            current_setting('default_transaction_read_only') = 'on',
            coalesce((SELECT setting = 'on' FROM pg_file_settings WHERE name = 'default_transaction_read_only' AND error IS NULL ORDER BY seqno DESC LIMIT 1), false),
            (SELECT sync_state FROM pg_stat_replication WHERE application_name = $1 AND state = 'streaming' LIMIT 1),
            coalesce((SELECT wal_status = 'lost' FROM pg_replication_slots WHERE slot_name = $1), false),
            EXISTS (SELECT FROM pg_database WHERE datname = $2),
            current_setting('primary_conninfo')
        FROM (SELECT pg_is_in_recovery() AS in_recovery) r
        """;

    private readonly string _connectionString;
    private readonly string _database;
    private readonly TimeProvider _time;

    /// <param name="connectionString">The superuser's.</param>
    /// <param name="database">The database that the pair is for.</param>
    /// <param name="time">When a look was taken.</param>
    public DatabaseServer(string connectionString, string database, TimeProvider time)
    {
        _database = database;
        // A server that hangs must not hold up whoever watches it.
        _connectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false, Timeout = PatienceSeconds, CommandTimeout = PatienceSeconds, CancellationTimeout = -1, GssEncryptionMode = GssEncryptionMode.Disable, ApplicationName = "standby-supervisor",
        }.ConnectionString;
        _time = time;
    }

    public string Host => new NpgsqlConnectionStringBuilder(_connectionString).Host!;

    public int Port => new NpgsqlConnectionStringBuilder(_connectionString).Port;

    /// <summary>What the server says of itself, or null when it does not answer.</summary>
    public async Task<ServerState?> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(cancellationToken);
        }
        catch (Exception error) when (IsAway(error))
        {
            return null;
        }
    }

    /// <summary>Settings that a standby must have as its primary has them, or it cannot be read or cannot take over.</summary>
    /// <exception cref="NpgsqlException">It does not answer.</exception>
    public Task<Dictionary<string, string>> SettingsAsync(CancellationToken cancellationToken) => UseAsync(async connection =>
    {
        await using var question = new NpgsqlCommand("""
            SELECT name, setting FROM pg_settings WHERE name IN
                ('max_connections', 'max_worker_processes', 'max_wal_senders', 'max_prepared_transactions', 'max_locks_per_transaction', 'shared_preload_libraries')
            """, connection);
        var settings = new Dictionary<string, string>();
        await using var rows = await question.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) settings[rows.GetString(0)] = rows.GetString(1);
        return settings;
    }, cancellationToken);

    /// <exception cref="NpgsqlException">It does not answer.</exception>
    public Task<ServerState> AskAsync(CancellationToken cancellationToken) => UseAsync(async connection =>
    {
        await using var question = new NpgsqlCommand(Question, connection) { Parameters = { new() { Value = Standby }, new() { Value = _database } } };
        await using var row = await question.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new ServerState(
            _time.GetUtcNow(), row.GetBoolean(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.IsDBNull(4) ? null : row.GetTimeSpan(4), row.GetBoolean(5),
            row.GetString(6), row.GetBoolean(7), row.GetBoolean(8), row.IsDBNull(9) ? null : row.GetString(9), row.GetBoolean(10), row.GetBoolean(11), row.GetString(12));
    }, cancellationToken);

    /// <summary>Runs statements one by one on one connection. They wait for no standby: what they change belongs to this server alone.</summary>
    /// <exception cref="NpgsqlException">It does not answer, or refuses.</exception>
    public Task OrderAsync(CancellationToken cancellationToken, params string[] statements) => UseAsync(async connection =>
    {
        foreach (var statement in statements.Prepend("SET synchronous_commit = local").Prepend("SET default_transaction_read_only = off"))
        {
            await using var order = new NpgsqlCommand(statement, connection) { CommandTimeout = 60 };
            await order.ExecuteNonQueryAsync(cancellationToken);
        }
        return true;
    }, cancellationToken);

    /// <summary>Changes settings of the server, and returns when sessions that begin have them.</summary>
    /// <param name="settings">As they stand in SQL; a value never comes from outside.</param>
    /// <param name="isDone">What a look at the server then shows.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task SetAsync((string Name, string Value)[] settings, Func<ServerState, bool> isDone, CancellationToken cancellationToken)
    {
        await OrderAsync(cancellationToken, [.. settings.Select(s => $"ALTER SYSTEM SET {s.Name} = '{s.Value}'"), "SELECT pg_reload_conf()"]);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(PatienceSeconds));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!isDone(await AskAsync(limit.Token))) await tick.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>Whether an error means that the server is not there, rather than that it refuses.</summary>
    public static bool IsAway(Exception error) => error is PostgresException { SqlState: ['5', '7', ..] or ['0', '8', ..] or ['5', '3', ..] } or TimeoutException
        || (error is NpgsqlException and not PostgresException);

    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        return await use(connection);
    }
}
