using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <inheritdoc />
    public partial class Planning : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "forecast_overrides",
                schema: "forecast",
                columns: table => new
                {
                    sku = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    period = table.Column<DateOnly>(type: "date", nullable: false),
                    quantity = table.Column<double>(type: "double precision", nullable: false),
                    reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    changed_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_forecast_overrides", x => new { x.sku, x.period });
                    table.CheckConstraint("ck_forecast_overrides_quantity", "quantity >= 0 AND quantity < 'Infinity'");
                    table.CheckConstraint("ck_forecast_overrides_reason", "reason <> ''");
                });

            migrationBuilder.CreateTable(
                name: "planning_parameters",
                schema: "forecast",
                columns: table => new
                {
                    sku = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    warehouse = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false, collation: "C"),
                    lead_time_days = table.Column<int>(type: "integer", nullable: true),
                    review_days = table.Column<int>(type: "integer", nullable: true),
                    target = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    service_level = table.Column<double>(type: "double precision", nullable: true),
                    holding_cost = table.Column<double>(type: "double precision", nullable: true),
                    shortage_cost = table.Column<double>(type: "double precision", nullable: true),
                    pack_size = table.Column<int>(type: "integer", nullable: true),
                    minimum_order = table.Column<int>(type: "integer", nullable: true),
                    unit_cost = table.Column<decimal>(type: "numeric(18,3)", precision: 18, scale: 3, nullable: true),
                    on_order = table.Column<int>(type: "integer", nullable: true),
                    demand_share = table.Column<double>(type: "double precision", nullable: true),
                    discontinued = table.Column<bool>(type: "boolean", nullable: true),
                    changed_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_planning_parameters", x => new { x.sku, x.warehouse });
                    table.CheckConstraint("ck_planning_parameters_costs", "holding_cost >= 0 AND holding_cost < 'Infinity' AND shortage_cost >= 0 AND shortage_cost < 'Infinity' AND unit_cost >= 0");
                    table.CheckConstraint("ck_planning_parameters_service_level", "service_level > 0 AND service_level < 1");
                    table.CheckConstraint("ck_planning_parameters_sku", "sku <> ''");
                    table.CheckConstraint("ck_planning_parameters_target", "target IN ('CycleService', 'FillRate', 'Costs')");
                    table.CheckConstraint("ck_planning_parameters_times", "lead_time_days BETWEEN 0 AND 3650 AND review_days BETWEEN 1 AND 3650");
                    table.CheckConstraint("ck_planning_parameters_units", "pack_size >= 1 AND minimum_order >= 0 AND on_order >= 0");
                    table.CheckConstraint("ck_planning_parameters_warehouse", "demand_share >= 0 AND demand_share <= 1 AND (warehouse <> '' OR demand_share IS NULL) AND (warehouse = '' OR discontinued IS NULL)");
                });

            migrationBuilder.CreateTable(
                name: "promotions",
                schema: "forecast",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    sku = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true, collation: "C"),
                    group_path = table.Column<string>(type: "character varying(800)", maxLength: 800, nullable: true, collation: "C"),
                    from_day = table.Column<DateOnly>(type: "date", nullable: false),
                    to_day = table.Column<DateOnly>(type: "date", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    created_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_promotions", x => x.id);
                    table.CheckConstraint("ck_promotions_days", "from_day <= to_day");
                    table.CheckConstraint("ck_promotions_for", "(sku IS NULL) <> (group_path IS NULL) AND sku <> '' AND group_path LIKE '%/'");
                    table.CheckConstraint("ck_promotions_kind", "kind <> ''");
                });

            migrationBuilder.CreateIndex(
                name: "ix_promotions_sku_group_path_kind_from_day_to_day",
                schema: "forecast",
                table: "promotions",
                columns: new[] { "sku", "group_path", "kind", "from_day", "to_day" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "forecast_overrides",
                schema: "forecast");

            migrationBuilder.DropTable(
                name: "planning_parameters",
                schema: "forecast");

            migrationBuilder.DropTable(
                name: "promotions",
                schema: "forecast");
        }
    }
}
