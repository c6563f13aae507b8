using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <summary>The queue: priorities, keys, history by month, schedules; a dead job says so in an alert, and an alert is a job that sends it.</summary>
    public partial class WorkQueue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "cancel_requested",
                schema: "jobs",
                table: "jobs",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<short>(
                name: "priority",
                schema: "jobs",
                table: "jobs",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0);

            migrationBuilder.AddColumn<string>(
                name: "queue",
                schema: "jobs",
                table: "jobs",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "redrives",
                schema: "jobs",
                table: "jobs",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "alert_rule_states",
                schema: "ops",
                columns: table => new
                {
                    rule = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    subject = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    firing = table.Column<bool>(type: "boolean", nullable: false),
                    turning_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alert_rule_states", x => new { x.rule, x.subject });
                });

            migrationBuilder.CreateTable(
                name: "alerts",
                schema: "ops",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    subject = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    severity = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    summary = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    detail = table.Column<string>(type: "jsonb", nullable: true),
                    once_key = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    last_error = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alerts", x => x.id);
                    table.CheckConstraint("ck_alerts_severity", "severity IN ('Info', 'Warning', 'Critical')");
                });

            // Partitioned by month, so that old history goes by dropping a table.
            migrationBuilder.Sql("""
                CREATE TABLE jobs.finished_jobs (
                    id uuid NOT NULL,
                    finished_at timestamp with time zone NOT NULL,
                    queue character varying(32) NOT NULL,
                    kind character varying(64) NOT NULL,
                    payload jsonb NOT NULL,
                    priority smallint NOT NULL,
                    subject character varying(100),
                    trace_parent character varying(64),
                    state character varying(16) NOT NULL,
                    attempt integer NOT NULL,
                    max_attempts integer NOT NULL,
                    run_at timestamp with time zone NOT NULL,
                    progress jsonb,
                    result jsonb,
                    error character varying(2000),
                    redrives integer NOT NULL,
                    created_at timestamp with time zone NOT NULL,
                    started_at timestamp with time zone,
                    CONSTRAINT pk_finished_jobs PRIMARY KEY (id, finished_at)
                ) PARTITION BY RANGE (finished_at);
                CREATE TABLE jobs.finished_jobs_rest PARTITION OF jobs.finished_jobs DEFAULT;
                """);

            migrationBuilder.CreateTable(
                name: "job_keys",
                schema: "jobs",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_job_keys", x => x.hash);
                    table.CheckConstraint("ck_job_keys_hash", "octet_length(hash) = 32");
                });

            migrationBuilder.CreateTable(
                name: "minutes",
                schema: "jobs",
                columns: table => new
                {
                    worker_id = table.Column<Guid>(type: "uuid", nullable: false),
                    queue = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    minute = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    succeeded = table.Column<int>(type: "integer", nullable: false),
                    failed = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_minutes", x => new { x.worker_id, x.queue, x.minute });
                });

            migrationBuilder.CreateTable(
                name: "schedules",
                schema: "jobs",
                columns: table => new
                {
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_schedules", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "workers",
                schema: "jobs",
                columns: table => new
                {
                    worker_id = table.Column<Guid>(type: "uuid", nullable: false),
                    queue = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_workers", x => new { x.worker_id, x.queue });
                });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_claim",
                schema: "jobs",
                table: "jobs",
                columns: new[] { "queue", "priority", "run_at" },
                filter: "state = 'Available'");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_dead",
                schema: "jobs",
                table: "jobs",
                column: "id",
                filter: "state = 'Dead'");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_lapsed",
                schema: "jobs",
                table: "jobs",
                column: "lease_until",
                filter: "state = 'Running'");

            migrationBuilder.CreateIndex(
                name: "ix_alerts_created_at",
                schema: "ops",
                table: "alerts",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_alerts_once_key",
                schema: "ops",
                table: "alerts",
                column: "once_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_job_keys_created_at",
                schema: "jobs",
                table: "job_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_minutes_minute",
                schema: "jobs",
                table: "minutes",
                column: "minute");

            // Services have no DDL: this function does the little that the history needs, with its owner's rights.
            migrationBuilder.Sql("""
                CREATE FUNCTION jobs.keep_history() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                DECLARE
                    first date := date_trunc('month', now() AT TIME ZONE 'UTC');
                    month date;
                    part text;
                    gone integer := 0;
                BEGIN
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
                        EXECUTE format('DROP TABLE jobs.%I', part);
                        gone := gone + 1;
                    END LOOP;
                    DELETE FROM jobs.finished_jobs_rest WHERE finished_at < now() - interval '90 days';
                    RETURN gone;
                END $$;
                COMMENT ON FUNCTION jobs.keep_history() IS 'Makes the partitions of this month and the next two, drops those that are older than 90 days; returns how many it dropped.';
                SELECT jobs.keep_history();
                """);

            // What there is moves to where it belongs now.
            migrationBuilder.Sql("""
                UPDATE jobs.jobs SET kind = 'catalog.price-list' WHERE kind = 'price-list';
                UPDATE jobs.jobs SET queue = split_part(kind, '.', 1), priority = 3;
                INSERT INTO jobs.job_keys (hash, job_id, created_at)
                SELECT sha256(convert_to(kind || chr(10) || idempotency_key, 'UTF8')), id, created_at FROM jobs.jobs WHERE idempotency_key IS NOT NULL;
                INSERT INTO jobs.finished_jobs (id, finished_at, queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, progress, result, error, redrives, created_at, started_at)
                SELECT id, coalesce(finished_at, now()), queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, progress, result, error, 0, created_at, started_at
                FROM jobs.jobs WHERE state = 'Completed';
                DELETE FROM jobs.jobs WHERE state = 'Completed';
                ALTER TABLE jobs.jobs ALTER COLUMN queue DROP DEFAULT, ALTER COLUMN priority DROP DEFAULT, ALTER COLUMN run_at SET DEFAULT now(), ALTER COLUMN created_at SET DEFAULT now();
                """);

            migrationBuilder.DropIndex(
                name: "ix_jobs_kind_idempotency_key",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_kind_run_at",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "idempotency_key",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "result",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.AddCheckConstraint(
                name: "ck_jobs_priority",
                schema: "jobs",
                table: "jobs",
                sql: "priority BETWEEN 1 AND 4");

            migrationBuilder.AddCheckConstraint(
                name: "ck_jobs_state",
                schema: "jobs",
                table: "jobs",
                sql: "state IN ('Available', 'Running', 'Dead')");

            migrationBuilder.Sql("""
                -- Rows live for seconds: clean up early and without pausing.
                ALTER TABLE jobs.jobs SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.05);

                CREATE VIEW jobs.all_jobs AS
                SELECT id, queue, kind, payload, priority, subject, state, attempt, max_attempts, run_at, cancel_requested, progress, NULL::jsonb AS result, error, redrives, created_at, started_at, finished_at
                FROM jobs.jobs
                UNION ALL
                SELECT id, queue, kind, payload, priority, subject, state, attempt, max_attempts, run_at, state = 'Cancelled', progress, result, error, redrives, created_at, started_at, finished_at
                FROM jobs.finished_jobs;

                CREATE FUNCTION jobs.say_new() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_notify('shabou_jobs', queue) FROM (SELECT DISTINCT queue FROM added) queues;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER say_new AFTER INSERT ON jobs.jobs REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION jobs.say_new();

                -- Whoever buries a job says so in the same transaction. The sending of an alert has nobody to tell; it stays among the dead letters.
                CREATE FUNCTION jobs.say_dead() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO ops.alerts (id, kind, subject, severity, summary, detail, once_key, created_at, attempts)
                    VALUES (gen_random_uuid(), 'job-dead', NEW.id::text, 'Critical',
                        left(format('Job %s (%s) is dead in attempt %s: %s Look at it under /api/v1/dead-letters, mend the cause, redrive it.', NEW.id, NEW.kind, NEW.attempt, NEW.error), 500),
                        jsonb_build_object('jobId', NEW.id, 'queue', NEW.queue, 'kind', NEW.kind, 'attempts', NEW.attempt, 'redrives', NEW.redrives),
                        format('job-dead/%s/%s', NEW.id, NEW.redrives), now(), 0);
                    RETURN NULL;
                END $$;
                CREATE TRIGGER say_dead AFTER UPDATE OF state ON jobs.jobs FOR EACH ROW
                    WHEN (NEW.state = 'Dead' AND OLD.state <> 'Dead' AND NEW.kind <> 'ops.alert') EXECUTE FUNCTION jobs.say_dead();

                CREATE FUNCTION ops.send_alert() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO jobs.jobs (id, queue, kind, payload, priority, state, attempt, max_attempts, run_at, cancel_requested, redrives, created_at)
                    VALUES (gen_random_uuid(), 'ops', 'ops.alert', jsonb_build_object('alertId', NEW.id), 1, 'Available', 0, 100, now(), false, 0, now());
                    RETURN NULL;
                END $$;
                CREATE TRIGGER send AFTER INSERT ON ops.alerts FOR EACH ROW EXECUTE FUNCTION ops.send_alert();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER send ON ops.alerts;
                DROP FUNCTION ops.send_alert();
                DROP TRIGGER say_dead ON jobs.jobs;
                DROP FUNCTION jobs.say_dead();
                DROP TRIGGER say_new ON jobs.jobs;
                DROP FUNCTION jobs.say_new();
                DROP VIEW jobs.all_jobs;
                ALTER TABLE jobs.jobs ALTER COLUMN run_at DROP DEFAULT, ALTER COLUMN created_at DROP DEFAULT;
                ALTER TABLE jobs.jobs RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_cost_delay, autovacuum_analyze_scale_factor);
                """);

            // Completed jobs come back; cancelled ones had no such state, and keys are hashes that cannot be read back.
            migrationBuilder.DropCheckConstraint(
                name: "ck_jobs_state",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.DropCheckConstraint(
                name: "ck_jobs_priority",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.AddColumn<string>(
                name: "idempotency_key",
                schema: "jobs",
                table: "jobs",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "result",
                schema: "jobs",
                table: "jobs",
                type: "jsonb",
                nullable: true);

            migrationBuilder.Sql("""
                INSERT INTO jobs.jobs (id, queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, cancel_requested, progress, result, error, redrives, created_at, started_at, finished_at)
                SELECT id, queue, kind, payload, priority, subject, trace_parent, state, attempt, max_attempts, run_at, false, progress, result, error, redrives, created_at, started_at, finished_at
                FROM jobs.finished_jobs WHERE state IN ('Completed', 'Dead');
                DROP FUNCTION jobs.keep_history();
                """);

            migrationBuilder.DropTable(
                name: "alert_rule_states",
                schema: "ops");

            migrationBuilder.DropTable(
                name: "alerts",
                schema: "ops");

            migrationBuilder.DropTable(
                name: "finished_jobs",
                schema: "jobs");

            migrationBuilder.DropTable(
                name: "job_keys",
                schema: "jobs");

            migrationBuilder.DropTable(
                name: "minutes",
                schema: "jobs");

            migrationBuilder.DropTable(
                name: "schedules",
                schema: "jobs");

            migrationBuilder.DropTable(
                name: "workers",
                schema: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_claim",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_dead",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_lapsed",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "cancel_requested",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "priority",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "queue",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "redrives",
                schema: "jobs",
                table: "jobs");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_kind_idempotency_key",
                schema: "jobs",
                table: "jobs",
                columns: new[] { "kind", "idempotency_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_jobs_kind_run_at",
                schema: "jobs",
                table: "jobs",
                columns: new[] { "kind", "run_at" },
                filter: "state IN ('Available', 'Running')");
        }
    }
}
