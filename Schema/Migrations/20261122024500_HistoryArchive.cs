using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <summary>Months of the history that are over are detached and wait until they are archived; only then, and only when as many rows were archived
    /// as there are, they are dropped. Before, they were dropped at once.</summary>
    public partial class HistoryArchive : Migration
    {
        private const string Partitions = """
                    SET LOCAL lock_timeout = '5s';
                    FOR month IN SELECT first + make_interval(months => n) FROM generate_series(0, 2) n LOOP
                        part := 'finished_jobs_' || to_char(month, 'YYYY_MM');
                        CONTINUE WHEN to_regclass('jobs.' || part) IS NOT NULL
                            OR EXISTS (SELECT FROM jobs.finished_jobs_rest WHERE finished_at >= month::timestamp AT TIME ZONE 'UTC' AND finished_at < (month + interval '1 month') AT TIME ZONE 'UTC');
                        EXECUTE format('CREATE TABLE jobs.%I PARTITION OF jobs.finished_jobs FOR VALUES FROM (%L) TO (%L)',
                            part, month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
                    END LOOP;
                    FOR part IN
                        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                        WHERE i.inhparent = 'jobs.finished_jobs'::regclass AND c.relname ~ '^finished_jobs_\d{4}_\d{2}$'
                          AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= (now() AT TIME ZONE 'UTC') - interval '90 days'
                    LOOP
            """;

        private const string Head = """
                CREATE OR REPLACE FUNCTION jobs.keep_history() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                DECLARE
                    first date := date_trunc('month', now() AT TIME ZONE 'UTC');
                    month date;
                    part text;
                    gone integer := 0;
                BEGIN

            """;

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(Head + Partitions + """

                        EXECUTE format('ALTER TABLE jobs.finished_jobs DETACH PARTITION jobs.%I', part);
                        gone := gone + 1;
                    END LOOP;
                    IF EXISTS (SELECT FROM jobs.finished_jobs_rest WHERE finished_at < now() - interval '90 days') THEN
                        part := 'finished_jobs_rest_' || to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS');
                        EXECUTE format('CREATE TABLE jobs.%I (LIKE jobs.finished_jobs INCLUDING CONSTRAINTS)', part);
                        EXECUTE format('WITH old AS (DELETE FROM jobs.finished_jobs_rest WHERE finished_at < now() - interval ''90 days'' RETURNING *) INSERT INTO jobs.%I SELECT * FROM old', part);
                        gone := gone + 1;
                    END IF;
                    RETURN gone;
                END $$;
                COMMENT ON FUNCTION jobs.keep_history() IS 'Makes the partitions of this month and the next two, detaches those that are older than 90 days; returns how many it detached.';
                """);
            migrationBuilder.Sql("""
                CREATE FUNCTION jobs.detached_history() RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                DECLARE
                    part text;
                BEGIN
                    FOR part IN
                        SELECT c.relname FROM pg_class c
                        WHERE c.relnamespace = 'jobs'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition AND c.relname ~ '^finished_jobs_(\d{4}_\d{2}|rest_\d{20})$'
                        ORDER BY 1
                    LOOP
                        EXECUTE format('GRANT SELECT ON jobs.%I TO %I', part, session_user);
                        RETURN NEXT part;
                    END LOOP;
                END $$;
                COMMENT ON FUNCTION jobs.detached_history() IS 'The months that are detached and not yet dropped, by name; the caller may read them.';

                CREATE FUNCTION jobs.drop_history(part text, archived bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                DECLARE
                    there bigint;
                BEGIN
                    IF part IS NULL OR part !~ '^finished_jobs_(\d{4}_\d{2}|rest_\d{20})$' OR EXISTS (SELECT FROM pg_class WHERE oid = to_regclass('jobs.' || part) AND relispartition) THEN
                        RAISE EXCEPTION '% is not a detached month of the history', part USING ERRCODE = 'wrong_object_type';
                    END IF;
                    SET LOCAL lock_timeout = '5s';
                    EXECUTE format('LOCK TABLE jobs.%I IN ACCESS EXCLUSIVE MODE', part);
                    EXECUTE format('SELECT count(*) FROM jobs.%I', part) INTO there;
                    IF there IS DISTINCT FROM archived THEN
                        RAISE EXCEPTION 'jobs.% has % rows, the archive has %', part, there, archived USING ERRCODE = 'check_violation';
                    END IF;
                    EXECUTE format('DROP TABLE jobs.%I', part);
                END $$;
                COMMENT ON FUNCTION jobs.drop_history(text, bigint) IS 'Drops a detached month when it has exactly as many rows as were archived, else fails.';

                CREATE FUNCTION ops.let_go() RETURNS TABLE (name text, gone bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                BEGIN
                    DELETE FROM ops.alerts WHERE created_at < now() - interval '365 days';
                    GET DIAGNOSTICS gone = ROW_COUNT; name := 'ops.alerts'; RETURN NEXT;
                    DELETE FROM ops.alert_rule_states WHERE NOT firing AND turning_since IS NULL AND changed_at < now() - interval '365 days';
                    GET DIAGNOSTICS gone = ROW_COUNT; name := 'ops.alert_rule_states'; RETURN NEXT;
                    DELETE FROM ops.heartbeats WHERE at < now() - interval '30 days';
                    GET DIAGNOSTICS gone = ROW_COUNT; name := 'ops.heartbeats'; RETURN NEXT;
                    DELETE FROM catalog.stock_reservations WHERE state <> 'Held' AND ended_at < now() - interval '365 days';
                    GET DIAGNOSTICS gone = ROW_COUNT; name := 'catalog.stock_reservations'; RETURN NEXT;
                    DELETE FROM catalog.price_list_errors e USING catalog.price_lists l WHERE l.id = e.price_list_id AND l.created_at < now() - interval '90 days';
                    GET DIAGNOSTICS gone = ROW_COUNT; name := 'catalog.price_list_errors'; RETURN NEXT;
                END $$;
                COMMENT ON FUNCTION ops.let_go() IS 'Deletes what is old in tables that no service may delete from, or that belong to another: see Schema/Retention/TableLives.cs.';
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP FUNCTION ops.let_go(); DROP FUNCTION jobs.drop_history(text, bigint); DROP FUNCTION jobs.detached_history();");
            migrationBuilder.Sql(Head + Partitions + """

                        EXECUTE format('DROP TABLE jobs.%I', part);
                        gone := gone + 1;
                    END LOOP;
                    DELETE FROM jobs.finished_jobs_rest WHERE finished_at < now() - interval '90 days';
                    RETURN gone;
                END $$;
                COMMENT ON FUNCTION jobs.keep_history() IS 'Makes the partitions of this month and the next two, drops those that are older than 90 days; returns how many it dropped.';
                """);
        }
    }
}
