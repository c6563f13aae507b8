using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <summary>Models as artefacts, forecasts with their reasons, demand over the lead time and what they were made from, accuracy per class,
    /// step and part.</summary>
    public partial class ForecastArtifacts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_model_versions_horizon",
                schema: "forecast",
                table: "model_versions");

            migrationBuilder.DropPrimaryKey(
                name: "pk_accuracy",
                schema: "forecast",
                table: "accuracy");

            migrationBuilder.AddColumn<int>(
                name: "fallbacks",
                schema: "forecast",
                table: "model_versions",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "fingerprint",
                schema: "forecast",
                table: "model_versions",
                type: "character(64)",
                fixedLength: true,
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "seed",
                schema: "forecast",
                table: "model_versions",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<char>(
                name: "abc_class",
                schema: "forecast",
                table: "forecasts",
                type: "character(1)",
                maxLength: 1,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "candidates",
                schema: "forecast",
                table: "forecasts",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "demand_interval",
                schema: "forecast",
                table: "forecasts",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "fallback",
                schema: "forecast",
                table: "forecasts",
                type: "character varying(20)",
                maxLength: 20,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "input",
                schema: "forecast",
                table: "forecasts",
                type: "json",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "protection_deviation",
                schema: "forecast",
                table: "forecasts",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "protection_mean",
                schema: "forecast",
                table: "forecasts",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "protection_periods",
                schema: "forecast",
                table: "forecasts",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<double[]>(
                name: "protection_quantiles",
                schema: "forecast",
                table: "forecasts",
                type: "double precision[]",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "reason",
                schema: "forecast",
                table: "forecasts",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "size_variation",
                schema: "forecast",
                table: "forecasts",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<char>(
                name: "xyz_class",
                schema: "forecast",
                table: "forecasts",
                type: "character(1)",
                maxLength: 1,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "demand_class",
                schema: "forecast",
                table: "accuracy",
                type: "character varying(16)",
                maxLength: 16,
                nullable: false,
                defaultValue: "All");

            migrationBuilder.AddColumn<int>(
                name: "from_step",
                schema: "forecast",
                table: "accuracy",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "to_step",
                schema: "forecast",
                table: "accuracy",
                type: "integer",
                nullable: false,
                defaultValue: 12);

            migrationBuilder.AddColumn<bool>(
                name: "is_rolling",
                schema: "forecast",
                table: "accuracy",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<double>(
                name: "coverage80",
                schema: "forecast",
                table: "accuracy",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "coverage95",
                schema: "forecast",
                table: "accuracy",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "wape",
                schema: "forecast",
                table: "accuracy",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddPrimaryKey(
                name: "pk_accuracy",
                schema: "forecast",
                table: "accuracy",
                columns: new[] { "model_version_id", "frequency", "demand_class", "from_step", "to_step", "is_rolling", "method" });

            migrationBuilder.CreateTable(
                name: "model_artifacts",
                schema: "forecast",
                columns: table => new
                {
                    model_version_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sha256 = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: false),
                    size = table.Column<int>(type: "integer", nullable: false),
                    bytes = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_artifacts", x => x.model_version_id);
                    table.CheckConstraint("ck_model_artifacts_sha256", "sha256 ~ '^[0-9a-f]{64}$'");
                    table.CheckConstraint("ck_model_artifacts_size", "size >= 0");
                    table.ForeignKey(
                        name: "fk_model_artifacts_model_versions_model_version_id",
                        column: x => x.model_version_id,
                        principalSchema: "forecast",
                        principalTable: "model_versions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "part_accuracy",
                schema: "forecast",
                columns: table => new
                {
                    model_version_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sku = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    steps = table.Column<int>(type: "integer", nullable: false),
                    wape = table.Column<double>(type: "double precision", nullable: true),
                    bias = table.Column<double>(type: "double precision", nullable: true),
                    mase = table.Column<double>(type: "double precision", nullable: true),
                    rmsse = table.Column<double>(type: "double precision", nullable: true),
                    pinball = table.Column<double>(type: "double precision", nullable: true),
                    coverage95 = table.Column<double>(type: "double precision", nullable: true),
                    tracking_signal = table.Column<double>(type: "double precision", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_part_accuracy", x => new { x.model_version_id, x.sku });
                    table.CheckConstraint("ck_part_accuracy_steps", "steps >= 1");
                    table.ForeignKey(
                        name: "fk_part_accuracy_model_versions_model_version_id",
                        column: x => x.model_version_id,
                        principalSchema: "forecast",
                        principalTable: "model_versions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_model_versions_fingerprint",
                schema: "forecast",
                table: "model_versions",
                column: "fingerprint");

            migrationBuilder.AddCheckConstraint(
                name: "ck_model_versions_fallbacks",
                schema: "forecast",
                table: "model_versions",
                sql: "fallbacks BETWEEN 0 AND series_count");

            migrationBuilder.AddCheckConstraint(
                name: "ck_model_versions_fingerprint",
                schema: "forecast",
                table: "model_versions",
                sql: "fingerprint ~ '^[0-9a-f]{64}$'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_model_versions_horizon",
                schema: "forecast",
                table: "model_versions",
                sql: "horizon BETWEEN 1 AND 1000");

            migrationBuilder.CreateIndex(
                name: "ix_forecasts_sku",
                schema: "forecast",
                table: "forecasts",
                column: "sku");

            migrationBuilder.AddCheckConstraint(
                name: "ck_forecasts_abc_class",
                schema: "forecast",
                table: "forecasts",
                sql: "abc_class IN ('A', 'B', 'C')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_forecasts_protection",
                schema: "forecast",
                table: "forecasts",
                sql: "protection_periods >= 1 AND protection_mean >= 0 AND protection_deviation >= 0 AND 0 <= ALL (protection_quantiles)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_forecasts_xyz_class",
                schema: "forecast",
                table: "forecasts",
                sql: "xyz_class IN ('X', 'Y', 'Z')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_accuracy_demand_class",
                schema: "forecast",
                table: "accuracy",
                sql: "demand_class IN ('All', 'Smooth', 'Intermittent', 'Erratic', 'Lumpy')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_accuracy_steps",
                schema: "forecast",
                table: "accuracy",
                sql: "1 <= from_step AND from_step <= to_step");

            migrationBuilder.CreateIndex(
                name: "ix_part_accuracy_sku",
                schema: "forecast",
                table: "part_accuracy",
                column: "sku");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // What the schema before this one has no room for.
            migrationBuilder.Sql("""
                DELETE FROM forecast.accuracy WHERE is_rolling OR demand_class <> 'All' OR from_step <> 1 OR to_step <> 12;
                DELETE FROM forecast.model_versions WHERE horizon > 120;
                """);

            migrationBuilder.DropTable(
                name: "model_artifacts",
                schema: "forecast");

            migrationBuilder.DropTable(
                name: "part_accuracy",
                schema: "forecast");

            migrationBuilder.DropIndex(
                name: "ix_model_versions_fingerprint",
                schema: "forecast",
                table: "model_versions");

            migrationBuilder.DropCheckConstraint(
                name: "ck_model_versions_fallbacks",
                schema: "forecast",
                table: "model_versions");

            migrationBuilder.DropCheckConstraint(
                name: "ck_model_versions_fingerprint",
                schema: "forecast",
                table: "model_versions");

            migrationBuilder.DropCheckConstraint(
                name: "ck_model_versions_horizon",
                schema: "forecast",
                table: "model_versions");

            migrationBuilder.DropIndex(
                name: "ix_forecasts_sku",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropCheckConstraint(
                name: "ck_forecasts_abc_class",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropCheckConstraint(
                name: "ck_forecasts_protection",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropCheckConstraint(
                name: "ck_forecasts_xyz_class",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropPrimaryKey(
                name: "pk_accuracy",
                schema: "forecast",
                table: "accuracy");

            migrationBuilder.DropCheckConstraint(
                name: "ck_accuracy_demand_class",
                schema: "forecast",
                table: "accuracy");

            migrationBuilder.DropCheckConstraint(
                name: "ck_accuracy_steps",
                schema: "forecast",
                table: "accuracy");

            migrationBuilder.DropColumn(
                name: "fallbacks",
                schema: "forecast",
                table: "model_versions");

            migrationBuilder.DropColumn(
                name: "fingerprint",
                schema: "forecast",
                table: "model_versions");

            migrationBuilder.DropColumn(
                name: "seed",
                schema: "forecast",
                table: "model_versions");

            migrationBuilder.DropColumn(
                name: "abc_class",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropColumn(
                name: "candidates",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropColumn(
                name: "demand_interval",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropColumn(
                name: "fallback",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropColumn(
                name: "input",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropColumn(
                name: "protection_deviation",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropColumn(
                name: "protection_mean",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropColumn(
                name: "protection_periods",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropColumn(
                name: "protection_quantiles",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropColumn(
                name: "reason",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropColumn(
                name: "size_variation",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropColumn(
                name: "xyz_class",
                schema: "forecast",
                table: "forecasts");

            migrationBuilder.DropColumn(
                name: "demand_class",
                schema: "forecast",
                table: "accuracy");

            migrationBuilder.DropColumn(
                name: "from_step",
                schema: "forecast",
                table: "accuracy");

            migrationBuilder.DropColumn(
                name: "to_step",
                schema: "forecast",
                table: "accuracy");

            migrationBuilder.DropColumn(
                name: "is_rolling",
                schema: "forecast",
                table: "accuracy");

            migrationBuilder.DropColumn(
                name: "coverage80",
                schema: "forecast",
                table: "accuracy");

            migrationBuilder.DropColumn(
                name: "coverage95",
                schema: "forecast",
                table: "accuracy");

            migrationBuilder.DropColumn(
                name: "wape",
                schema: "forecast",
                table: "accuracy");

            migrationBuilder.AddPrimaryKey(
                name: "pk_accuracy",
                schema: "forecast",
                table: "accuracy",
                columns: new[] { "model_version_id", "frequency", "method" });

            migrationBuilder.AddCheckConstraint(
                name: "ck_model_versions_horizon",
                schema: "forecast",
                table: "model_versions",
                sql: "horizon BETWEEN 1 AND 120");
        }
    }
}
