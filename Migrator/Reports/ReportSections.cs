namespace Shabou.Migrator.Reports;

/// <summary>What the report asks, in the order a person reads it.</summary>
internal static class ReportSections
{
    private const string Nobody = "None.";

    public static IReadOnlyList<ReportSection> All { get; } =
    [
        new("Server", """
            SELECT current_setting('server_version') AS version, date_trunc('second', now() - pg_postmaster_start_time())::text AS "up for", pg_size_pretty(pg_database_size(current_database())) AS size,
                CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE 'primary' END AS role, current_setting('ssl') AS tls
            """, Nobody),
        new("Connections, against what the server allows", """
            SELECT m.most::text AS "max connections", current_setting('superuser_reserved_connections') AS "for superusers", a.used::text AS used, (m.most - current_setting('superuser_reserved_connections')::int - a.used)::text AS free,
                (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender') || ' of ' || current_setting('max_wal_senders') AS "streams of the log"
            FROM (SELECT current_setting('max_connections')::int AS most) m, (SELECT count(*) AS used FROM pg_stat_activity WHERE backend_type = 'client backend') a
            """, Nobody),
        new("Connections by role (the plan is AppHost/PoolPlan.cs; it never exceeds max connections)", """
            SELECT coalesce(a.usename::text, '-') AS role, a.application_name AS application, count(*)::text AS connections, count(*) FILTER (WHERE a.state = 'active')::text AS active,
                count(*) FILTER (WHERE a.state LIKE 'idle in%')::text AS "in transaction", count(*) FILTER (WHERE s.ssl)::text AS "with tls"
            FROM pg_stat_activity a LEFT JOIN pg_stat_ssl s USING (pid) WHERE a.backend_type = 'client backend' GROUP BY 1, 2 ORDER BY count(*) DESC, 1
            """, Nobody),
        new("Oldest open transactions", """
            SELECT pid::text, coalesce(usename::text, '-') AS role, state, date_trunc('second', now() - xact_start)::text AS "open for", left(regexp_replace(query, '\s+', ' ', 'g'), 80) AS statement
            FROM pg_stat_activity WHERE xact_start IS NOT NULL AND backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 5
            """, Nobody),
        new("Work since the statistics began", """
            SELECT to_char(xact_commit, 'FM999,999,999,999') AS commits, to_char(xact_rollback, 'FM999,999,999,999') AS rollbacks,
                round(100.0 * xact_rollback / greatest(xact_commit + xact_rollback, 1), 2) || ' %' AS "rolled back",
                round(100.0 * blks_hit / greatest(blks_hit + blks_read, 1), 2) || ' %' AS "read from memory", deadlocks::text, pg_size_pretty(temp_bytes) AS "temporary files"
            FROM pg_stat_database WHERE datname = current_database()
            """, Nobody),
        new("Biggest tables", """
            SELECT schemaname || '.' || relname AS "table", to_char(n_live_tup, 'FM999,999,999,999') AS rows, pg_size_pretty(pg_table_size(relid)) AS data, pg_size_pretty(pg_indexes_size(relid)) AS indexes,
                round(100.0 * n_dead_tup / greatest(n_live_tup + n_dead_tup, 1), 1) || ' %' AS "dead rows", coalesce(date_trunc('second', greatest(last_vacuum, last_autovacuum))::text, 'never') AS "last vacuum"
            FROM pg_stat_user_tables ORDER BY pg_total_relation_size(relid) DESC LIMIT 15
            """, Nobody),
        new("Bloat: tables with more than a fifth and 1,000 of dead rows", """
            SELECT schemaname || '.' || relname AS "table", n_dead_tup::text AS "dead rows", n_live_tup::text AS "live rows" FROM pg_stat_user_tables
            WHERE n_dead_tup > 1000 AND n_dead_tup > n_live_tup / 5 ORDER BY n_dead_tup DESC LIMIT 10
            """, "None: the vacuum keeps up."),
        new("Slowest statements, by the time they took in all", """
            SELECT to_char(calls, 'FM999,999,999') AS calls, round(mean_exec_time::numeric, 2) AS "mean ms", round(max_exec_time::numeric, 1) AS "longest ms",
                round(100 * total_exec_time::numeric / greatest(sum(total_exec_time) OVER (), 0.001)::numeric, 1) || ' %' AS share, left(regexp_replace(query, '\s+', ' ', 'g'), 90) AS statement
            FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY total_exec_time DESC LIMIT 10
            """, Nobody, "PostgreSQL does not load pg_stat_statements: start it with shared_preload_libraries=pg_stat_statements, then run Migrator."),
        new("Indexes that no statement has used, of more than a megabyte", """
            SELECT schemaname || '.' || relname AS "table", indexrelname AS index, pg_size_pretty(pg_relation_size(s.indexrelid)) AS size FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid)
            WHERE idx_scan = 0 AND NOT indisunique AND pg_relation_size(s.indexrelid) > 1048576 ORDER BY pg_relation_size(s.indexrelid) DESC LIMIT 10
            """, Nobody),
        new("Standbys", """
            SELECT application_name AS standby, state, sync_state AS sync, coalesce(replay_lag::text, '0') AS behind, pg_size_pretty(pg_wal_lsn_diff(sent_lsn, replay_lsn)) AS "to replay" FROM pg_stat_replication ORDER BY 1
            """, "There is no standby."),
        new("Last backups", """
            SELECT kind, date_trunc('second', finished_at)::text AS finished, coalesce(date_trunc('second', verified_at)::text, 'not yet') AS "restored and checked" FROM ops.backups ORDER BY finished_at DESC LIMIT 5
            """, "There is no backup: make one before anything else."),
        new("History that waits to be archived", """
            SELECT c.relname AS month, to_char(c.reltuples, 'FM999,999,999,990') AS "rows, about", pg_size_pretty(pg_table_size(c.oid)) AS size FROM pg_class c
            WHERE c.relnamespace = 'jobs'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition AND c.relname ~ '^finished_jobs_' ORDER BY 1
            """, "None."),
        new("Migrations", """SELECT "MigrationId" AS migration, "ProductVersion" AS "EF Core" FROM "__EFMigrationsHistory" ORDER BY 1 DESC LIMIT 5""", "None: run Migrator.", "None: run Migrator."),
    ];
}
