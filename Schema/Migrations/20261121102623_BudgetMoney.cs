using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <summary>Money as a cap of its own, caps that an administrator changes, and the record of who changed what.</summary>
    public partial class BudgetMoney : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_budget_windows_counts",
                schema: "prospector",
                table: "budget_windows");

            migrationBuilder.DropCheckConstraint(
                name: "ck_budget_switch_caps",
                schema: "prospector",
                table: "budget_switch");

            migrationBuilder.AddColumn<long>(
                name: "cap_micros",
                schema: "prospector",
                table: "budget_windows",
                type: "bigint",
                nullable: false,
                defaultValue: 300000000L);

            migrationBuilder.AddColumn<long>(
                name: "reserved_micros",
                schema: "prospector",
                table: "budget_windows",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "changed_trace",
                schema: "prospector",
                table: "budget_switch",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ledger_version",
                schema: "prospector",
                table: "budget_switch",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "micros_per_month",
                schema: "prospector",
                table: "budget_switch",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "raised_until",
                schema: "prospector",
                table: "budget_switch",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "budget_changes",
                schema: "prospector",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    scope = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    what = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    actor = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    trace_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    before = table.Column<string>(type: "jsonb", nullable: false),
                    after = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_changes", x => x.id);
                });

            migrationBuilder.UpdateData(
                schema: "prospector",
                table: "budget_switch",
                keyColumn: "scope",
                keyValue: "places",
                columns: new[] { "changed_trace", "micros_per_month", "raised_until" },
                values: new object[] { null, null, null });

            // Rows of a service that knew no money: what is under way there is reserved here too, and no window starts above its cap.
            migrationBuilder.Sql("""
                UPDATE prospector.budget_windows w SET
                    cap_micros = GREATEST(cap_micros, cost_micros),
                    reserved_micros = LEAST(cost_micros, (
                        SELECT COALESCE(sum(r.cost_micros), 0) FROM prospector.budget_reservations r
                        WHERE r.scope = w.scope AND r.state = 'Reserved' AND w.key = CASE w.kind WHEN 'Day' THEN r.day_key ELSE r.month_key END));
                """);

            migrationBuilder.AddCheckConstraint(
                name: "ck_budget_windows_counts",
                schema: "prospector",
                table: "budget_windows",
                sql: "used >= 0 AND reserved >= 0 AND reserved_micros >= 0 AND reserved_micros <= cost_micros");

            migrationBuilder.AddCheckConstraint(
                name: "ck_budget_windows_money",
                schema: "prospector",
                table: "budget_windows",
                sql: "cost_micros <= cap_micros");

            migrationBuilder.AddCheckConstraint(
                name: "ck_budget_switch_caps",
                schema: "prospector",
                table: "budget_switch",
                sql: "calls_per_day >= 0 AND calls_per_month >= 0 AND micros_per_month >= 0");

            migrationBuilder.CreateIndex(
                name: "ix_budget_reservations_last_day",
                schema: "prospector",
                table: "budget_reservations",
                column: "expires_at",
                filter: "state <> 'Released'");

            // The ledger's clock: one name for it, so that every statement has the same one.
            migrationBuilder.Sql("CREATE FUNCTION prospector.budget_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()';");

            // A change by hand, which leaves the revision as it was, is recorded under the database's login.
            migrationBuilder.Sql("""
                CREATE FUNCTION prospector.record_budget_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
                DECLARE
                    by_service boolean := NEW.revision IS DISTINCT FROM OLD.revision;
                    before jsonb := jsonb_build_object('killed', OLD.killed, 'callsPerDay', OLD.calls_per_day, 'callsPerMonth', OLD.calls_per_month,
                        'microsPerMonth', OLD.micros_per_month, 'raisedUntil', OLD.raised_until);
                    after jsonb := jsonb_build_object('killed', NEW.killed, 'callsPerDay', NEW.calls_per_day, 'callsPerMonth', NEW.calls_per_month,
                        'microsPerMonth', NEW.micros_per_month, 'raisedUntil', NEW.raised_until);
                BEGIN
                    INSERT INTO prospector.budget_changes (scope, at, what, actor, reason, trace_id, before, after) VALUES (
                        NEW.scope, clock_timestamp(),
                        CASE WHEN NEW.killed AND NOT OLD.killed THEN 'killed' WHEN OLD.killed AND NOT NEW.killed THEN 'revived'
                            WHEN before <> after THEN 'caps' ELSE 'unchanged' END,
                        CASE WHEN by_service THEN NEW.changed_by ELSE session_user END,
                        CASE WHEN by_service THEN NEW.reason ELSE 'Changed in the database.' END,
                        CASE WHEN by_service THEN NEW.changed_trace END, before, after);
                    RETURN NULL;
                END $$;

                CREATE TRIGGER record_change AFTER UPDATE ON prospector.budget_switch FOR EACH ROW
                    WHEN ((OLD.killed, OLD.calls_per_day, OLD.calls_per_month, OLD.micros_per_month, OLD.raised_until, OLD.revision)
                        IS DISTINCT FROM (NEW.killed, NEW.calls_per_day, NEW.calls_per_month, NEW.micros_per_month, NEW.raised_until, NEW.revision))
                    EXECUTE FUNCTION prospector.record_budget_change();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER record_change ON prospector.budget_switch;
                DROP FUNCTION prospector.record_budget_change();
                DROP FUNCTION prospector.budget_now();
                """);

            migrationBuilder.DropTable(
                name: "budget_changes",
                schema: "prospector");

            migrationBuilder.DropCheckConstraint(
                name: "ck_budget_windows_counts",
                schema: "prospector",
                table: "budget_windows");

            migrationBuilder.DropCheckConstraint(
                name: "ck_budget_windows_money",
                schema: "prospector",
                table: "budget_windows");

            migrationBuilder.DropCheckConstraint(
                name: "ck_budget_switch_caps",
                schema: "prospector",
                table: "budget_switch");

            migrationBuilder.DropIndex(
                name: "ix_budget_reservations_last_day",
                schema: "prospector",
                table: "budget_reservations");

            migrationBuilder.DropColumn(
                name: "cap_micros",
                schema: "prospector",
                table: "budget_windows");

            migrationBuilder.DropColumn(
                name: "reserved_micros",
                schema: "prospector",
                table: "budget_windows");

            migrationBuilder.DropColumn(
                name: "changed_trace",
                schema: "prospector",
                table: "budget_switch");

            migrationBuilder.DropColumn(
                name: "ledger_version",
                schema: "prospector",
                table: "budget_switch");

            migrationBuilder.DropColumn(
                name: "micros_per_month",
                schema: "prospector",
                table: "budget_switch");

            migrationBuilder.DropColumn(
                name: "raised_until",
                schema: "prospector",
                table: "budget_switch");

            migrationBuilder.AddCheckConstraint(
                name: "ck_budget_windows_counts",
                schema: "prospector",
                table: "budget_windows",
                sql: "used >= 0 AND reserved >= 0 AND cost_micros >= 0");

            migrationBuilder.AddCheckConstraint(
                name: "ck_budget_switch_caps",
                schema: "prospector",
                table: "budget_switch",
                sql: "calls_per_day >= 0 AND calls_per_month >= 0");
        }
    }
}
