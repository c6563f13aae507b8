using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <inheritdoc />
    public partial class InitialCreate : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "forecast");

            migrationBuilder.EnsureSchema(
                name: "identity");

            migrationBuilder.EnsureSchema(
                name: "catalog");

            migrationBuilder.EnsureSchema(
                name: "prospector");

            migrationBuilder.EnsureSchema(
                name: "jobs");

            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:PostgresExtension:pg_trgm", ",,");

            migrationBuilder.CreateTable(
                name: "api_keys",
                schema: "identity",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    prefix = table.Column<string>(type: "character varying(6)", maxLength: 6, nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    role = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => x.id);
                    table.CheckConstraint("ck_api_keys_hash", "octet_length(hash) = 32");
                });

            migrationBuilder.CreateTable(
                name: "brands",
                schema: "catalog",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    slug = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_brands", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "budget_reservations",
                schema: "prospector",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    scope = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    idempotency_key = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    sku = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    units = table.Column<int>(type: "integer", nullable: false),
                    day_key = table.Column<DateOnly>(type: "date", nullable: false),
                    month_key = table.Column<DateOnly>(type: "date", nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    cost_micros = table.Column<long>(type: "bigint", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reserved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    outcome = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_reservations", x => x.id);
                    table.CheckConstraint("ck_budget_reservations_settled", "(state = 'Reserved') = (settled_at IS NULL)");
                    table.CheckConstraint("ck_budget_reservations_units", "units > 0 AND attempt > 0 AND cost_micros >= 0");
                });

            migrationBuilder.CreateTable(
                name: "budget_switch",
                schema: "prospector",
                columns: table => new
                {
                    scope = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    killed = table.Column<bool>(type: "boolean", nullable: false),
                    reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    changed_by = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    calls_per_day = table.Column<int>(type: "integer", nullable: true),
                    calls_per_month = table.Column<int>(type: "integer", nullable: true),
                    last_day = table.Column<DateOnly>(type: "date", nullable: true),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_switch", x => x.scope);
                    table.CheckConstraint("ck_budget_switch_caps", "calls_per_day >= 0 AND calls_per_month >= 0");
                });

            migrationBuilder.CreateTable(
                name: "budget_windows",
                schema: "prospector",
                columns: table => new
                {
                    scope = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    kind = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    key = table.Column<DateOnly>(type: "date", nullable: false),
                    used = table.Column<int>(type: "integer", nullable: false),
                    reserved = table.Column<int>(type: "integer", nullable: false),
                    cap = table.Column<int>(type: "integer", nullable: false),
                    cost_micros = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_windows", x => new { x.scope, x.kind, x.key });
                    table.CheckConstraint("ck_budget_windows_cap", "used + reserved <= cap");
                    table.CheckConstraint("ck_budget_windows_counts", "used >= 0 AND reserved >= 0 AND cost_micros >= 0");
                    table.CheckConstraint("ck_budget_windows_month_key", "kind <> 'Month' OR extract(day FROM key) = 1");
                });

            migrationBuilder.CreateTable(
                name: "campaigns",
                schema: "prospector",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    locations = table.Column<string[]>(type: "text[]", nullable: false),
                    queries = table.Column<string[]>(type: "text[]", nullable: false),
                    pages_per_query = table.Column<int>(type: "integer", nullable: false),
                    language_code = table.Column<string>(type: "character varying(5)", maxLength: 5, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_campaigns", x => x.id);
                    table.CheckConstraint("ck_campaigns_locations", "cardinality(locations) > 0");
                    table.CheckConstraint("ck_campaigns_pages_per_query", "pages_per_query BETWEEN 1 AND 3");
                    table.CheckConstraint("ck_campaigns_queries", "cardinality(queries) > 0");
                });

            migrationBuilder.CreateTable(
                name: "categories",
                schema: "catalog",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    parent_id = table.Column<Guid>(type: "uuid", nullable: true),
                    name_fr = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    name_ar = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    name_en = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    slug = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    path = table.Column<string>(type: "character varying(800)", maxLength: 800, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_categories", x => x.id);
                    table.CheckConstraint("ck_categories_path", "path LIKE '%' || slug || '/'");
                    table.ForeignKey(
                        name: "fk_categories_categories_parent_id",
                        column: x => x.parent_id,
                        principalSchema: "catalog",
                        principalTable: "categories",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "demand_series",
                schema: "forecast",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    sku = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    frequency = table.Column<char>(type: "character(1)", maxLength: 1, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_demand_series", x => x.id);
                    table.CheckConstraint("ck_demand_series_frequency", "frequency IN ('Y', 'Q', 'M', 'W', 'D', 'O')");
                    table.CheckConstraint("ck_demand_series_sku", "sku <> ''");
                });

            migrationBuilder.CreateTable(
                name: "jobs",
                schema: "jobs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    payload = table.Column<string>(type: "jsonb", nullable: false),
                    subject = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    trace_parent = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    idempotency_key = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    max_attempts = table.Column<int>(type: "integer", nullable: false),
                    run_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    lease_token = table.Column<Guid>(type: "uuid", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    progress = table.Column<string>(type: "jsonb", nullable: true),
                    result = table.Column<string>(type: "jsonb", nullable: true),
                    error = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs", x => x.id);
                    table.CheckConstraint("ck_jobs_lease", "(state = 'Running') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)");
                });

            migrationBuilder.CreateTable(
                name: "leads",
                schema: "prospector",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    place_id = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    stage = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    governorate = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    first_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leads", x => x.id);
                    table.CheckConstraint("ck_leads_place_id", "place_id <> ''");
                });

            migrationBuilder.CreateTable(
                name: "model_versions",
                schema: "forecast",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    data_sha256 = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: false),
                    code_version = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    parameters = table.Column<string>(type: "jsonb", nullable: false),
                    window_start = table.Column<DateOnly>(type: "date", nullable: false),
                    window_end = table.Column<DateOnly>(type: "date", nullable: false),
                    series_count = table.Column<int>(type: "integer", nullable: false),
                    horizon = table.Column<int>(type: "integer", nullable: false),
                    quantile_levels = table.Column<double[]>(type: "double precision[]", nullable: false),
                    active = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_versions", x => x.id);
                    table.CheckConstraint("ck_model_versions_data_sha256", "data_sha256 ~ '^[0-9a-f]{64}$'");
                    table.CheckConstraint("ck_model_versions_horizon", "horizon BETWEEN 1 AND 120");
                    table.CheckConstraint("ck_model_versions_series_count", "series_count > 0");
                    table.CheckConstraint("ck_model_versions_window", "window_start <= window_end");
                });

            migrationBuilder.CreateTable(
                name: "campaign_runs",
                schema: "prospector",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    campaign_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    stop_reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    retry_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    search = table.Column<int>(type: "integer", nullable: false),
                    page = table.Column<int>(type: "integer", nullable: false),
                    page_token = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    calls = table.Column<int>(type: "integer", nullable: false),
                    found = table.Column<int>(type: "integer", nullable: false),
                    new_leads = table.Column<int>(type: "integer", nullable: false),
                    duplicates = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_campaign_runs", x => x.id);
                    table.CheckConstraint("ck_campaign_runs_counts", "calls >= 0 AND new_leads >= 0 AND duplicates >= 0 AND found = new_leads + duplicates");
                    table.CheckConstraint("ck_campaign_runs_finished", "(state = 'Running') = (finished_at IS NULL)");
                    table.CheckConstraint("ck_campaign_runs_stop_reason", "(state = 'Stopped') = (stop_reason IS NOT NULL)");
                    table.ForeignKey(
                        name: "fk_campaign_runs_campaigns_campaign_id",
                        column: x => x.campaign_id,
                        principalSchema: "prospector",
                        principalTable: "campaigns",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "products",
                schema: "catalog",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    sku = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    name_fr = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    name_ar = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    name_en = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    oe_number = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    brand_id = table.Column<Guid>(type: "uuid", nullable: false),
                    category_id = table.Column<Guid>(type: "uuid", nullable: false),
                    vat_rate = table.Column<decimal>(type: "numeric(4,2)", precision: 4, scale: 2, nullable: false),
                    search = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                    price_amount = table.Column<decimal>(type: "numeric(18,3)", precision: 18, scale: 3, nullable: false),
                    price_currency = table.Column<string>(type: "character(3)", fixedLength: true, maxLength: 3, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_products", x => x.id);
                    table.CheckConstraint("ck_products_price", "price_amount >= 0");
                    table.CheckConstraint("ck_products_sku", "sku <> ''");
                    table.CheckConstraint("ck_products_vat_rate", "vat_rate IN (7, 13, 19)");
                    table.ForeignKey(
                        name: "fk_products_brands_brand_id",
                        column: x => x.brand_id,
                        principalSchema: "catalog",
                        principalTable: "brands",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_products_categories_category_id",
                        column: x => x.category_id,
                        principalSchema: "catalog",
                        principalTable: "categories",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "demand_observations",
                schema: "forecast",
                columns: table => new
                {
                    series_id = table.Column<Guid>(type: "uuid", nullable: false),
                    period = table.Column<DateOnly>(type: "date", nullable: false),
                    quantity = table.Column<double>(type: "double precision", nullable: false),
                    in_stock = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_demand_observations", x => new { x.series_id, x.period });
                    table.CheckConstraint("ck_demand_observations_quantity", "quantity >= 0 AND quantity < 'Infinity'");
                    table.ForeignKey(
                        name: "fk_demand_observations_demand_series_series_id",
                        column: x => x.series_id,
                        principalSchema: "forecast",
                        principalTable: "demand_series",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "google_content",
                schema: "prospector",
                columns: table => new
                {
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    address = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    latitude = table.Column<double>(type: "double precision", nullable: true),
                    longitude = table.Column<double>(type: "double precision", nullable: true),
                    national_phone = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    international_phone = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    website = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    rating = table.Column<double>(type: "double precision", nullable: true),
                    business_status = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    types = table.Column<string[]>(type: "text[]", nullable: false),
                    fetched_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_google_content", x => x.lead_id);
                    table.CheckConstraint("ck_google_content_expires_at", "expires_at <= fetched_at + interval '30 days'");
                    table.ForeignKey(
                        name: "fk_google_content_leads_lead_id",
                        column: x => x.lead_id,
                        principalSchema: "prospector",
                        principalTable: "leads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "accuracy",
                schema: "forecast",
                columns: table => new
                {
                    model_version_id = table.Column<Guid>(type: "uuid", nullable: false),
                    frequency = table.Column<char>(type: "character(1)", maxLength: 1, nullable: false),
                    method = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    series_count = table.Column<int>(type: "integer", nullable: false),
                    mase = table.Column<double>(type: "double precision", nullable: true),
                    mae = table.Column<double>(type: "double precision", nullable: true),
                    rmse = table.Column<double>(type: "double precision", nullable: true),
                    bias = table.Column<double>(type: "double precision", nullable: true),
                    cumulative_wape = table.Column<double>(type: "double precision", nullable: true),
                    pinball = table.Column<double[]>(type: "double precision[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accuracy", x => new { x.model_version_id, x.frequency, x.method });
                    table.CheckConstraint("ck_accuracy_frequency", "frequency IN ('Y', 'Q', 'M', 'W', 'D', 'O')");
                    table.ForeignKey(
                        name: "fk_accuracy_model_versions_model_version_id",
                        column: x => x.model_version_id,
                        principalSchema: "forecast",
                        principalTable: "model_versions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "forecasts",
                schema: "forecast",
                columns: table => new
                {
                    model_version_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sku = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    frequency = table.Column<char>(type: "character(1)", maxLength: 1, nullable: false),
                    demand_class = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    method = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    first_period = table.Column<DateOnly>(type: "date", nullable: false),
                    mean = table.Column<double[]>(type: "double precision[]", nullable: false),
                    quantiles = table.Column<double[]>(type: "double precision[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_forecasts", x => new { x.model_version_id, x.sku });
                    table.CheckConstraint("ck_forecasts_demand_class", "demand_class IN ('Smooth', 'Intermittent', 'Erratic', 'Lumpy')");
                    table.CheckConstraint("ck_forecasts_frequency", "frequency IN ('Y', 'Q', 'M', 'W', 'D', 'O')");
                    table.CheckConstraint("ck_forecasts_mean", "cardinality(mean) > 0 AND 0 <= ALL (mean)");
                    table.CheckConstraint("ck_forecasts_quantiles", "cardinality(quantiles) % cardinality(mean) = 0 AND 0 <= ALL (quantiles)");
                    table.ForeignKey(
                        name: "fk_forecasts_model_versions_model_version_id",
                        column: x => x.model_version_id,
                        principalSchema: "forecast",
                        principalTable: "model_versions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "campaign_leads",
                schema: "prospector",
                columns: table => new
                {
                    campaign_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    run_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_campaign_leads", x => new { x.campaign_id, x.lead_id });
                    table.ForeignKey(
                        name: "fk_campaign_leads_campaign_runs_run_id",
                        column: x => x.run_id,
                        principalSchema: "prospector",
                        principalTable: "campaign_runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_campaign_leads_campaigns_campaign_id",
                        column: x => x.campaign_id,
                        principalSchema: "prospector",
                        principalTable: "campaigns",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_campaign_leads_leads_lead_id",
                        column: x => x.lead_id,
                        principalSchema: "prospector",
                        principalTable: "leads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                schema: "prospector",
                table: "budget_switch",
                columns: new[] { "scope", "calls_per_day", "calls_per_month", "changed_at", "changed_by", "killed", "last_day", "reason", "revision" },
                values: new object[] { "places", null, null, new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "migration", false, null, "Installed.", 1 });

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_hash",
                schema: "identity",
                table: "api_keys",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_brands_slug",
                schema: "catalog",
                table: "brands",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_budget_reservations_expires_at",
                schema: "prospector",
                table: "budget_reservations",
                column: "expires_at",
                filter: "state = 'Reserved'");

            migrationBuilder.CreateIndex(
                name: "ix_budget_reservations_idempotency_key_attempt",
                schema: "prospector",
                table: "budget_reservations",
                columns: new[] { "idempotency_key", "attempt" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_budget_reservations_job_id",
                schema: "prospector",
                table: "budget_reservations",
                column: "job_id");

            migrationBuilder.CreateIndex(
                name: "ix_budget_reservations_sku_month_key",
                schema: "prospector",
                table: "budget_reservations",
                columns: new[] { "sku", "month_key" });

            migrationBuilder.CreateIndex(
                name: "ix_campaign_leads_lead_id",
                schema: "prospector",
                table: "campaign_leads",
                column: "lead_id");

            migrationBuilder.CreateIndex(
                name: "ix_campaign_leads_run_id",
                schema: "prospector",
                table: "campaign_leads",
                column: "run_id");

            migrationBuilder.CreateIndex(
                name: "ix_campaign_runs_campaign_id_id",
                schema: "prospector",
                table: "campaign_runs",
                columns: new[] { "campaign_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_campaign_runs_running",
                schema: "prospector",
                table: "campaign_runs",
                column: "campaign_id",
                unique: true,
                filter: "state = 'Running'");

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_name",
                schema: "prospector",
                table: "campaigns",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_categories_parent_id",
                schema: "catalog",
                table: "categories",
                column: "parent_id");

            migrationBuilder.CreateIndex(
                name: "ix_categories_path",
                schema: "catalog",
                table: "categories",
                column: "path",
                unique: true)
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_categories_slug",
                schema: "catalog",
                table: "categories",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_demand_series_sku",
                schema: "forecast",
                table: "demand_series",
                column: "sku",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_google_content_expires_at",
                schema: "prospector",
                table: "google_content",
                column: "expires_at");

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

            migrationBuilder.CreateIndex(
                name: "ix_leads_governorate_id",
                schema: "prospector",
                table: "leads",
                columns: new[] { "governorate", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_leads_place_id",
                schema: "prospector",
                table: "leads",
                column: "place_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_leads_stage_id",
                schema: "prospector",
                table: "leads",
                columns: new[] { "stage", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_model_versions_active",
                schema: "forecast",
                table: "model_versions",
                column: "active",
                unique: true,
                filter: "active");

            migrationBuilder.CreateIndex(
                name: "ix_model_versions_job_id",
                schema: "forecast",
                table: "model_versions",
                column: "job_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_model_versions_version",
                schema: "forecast",
                table: "model_versions",
                column: "version",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_products_brand_id_id",
                schema: "catalog",
                table: "products",
                columns: new[] { "brand_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_products_category_id_id",
                schema: "catalog",
                table: "products",
                columns: new[] { "category_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_products_search",
                schema: "catalog",
                table: "products",
                column: "search")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_products_sku",
                schema: "catalog",
                table: "products",
                column: "sku",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "accuracy",
                schema: "forecast");

            migrationBuilder.DropTable(
                name: "api_keys",
                schema: "identity");

            migrationBuilder.DropTable(
                name: "budget_reservations",
                schema: "prospector");

            migrationBuilder.DropTable(
                name: "budget_switch",
                schema: "prospector");

            migrationBuilder.DropTable(
                name: "budget_windows",
                schema: "prospector");

            migrationBuilder.DropTable(
                name: "campaign_leads",
                schema: "prospector");

            migrationBuilder.DropTable(
                name: "demand_observations",
                schema: "forecast");

            migrationBuilder.DropTable(
                name: "forecasts",
                schema: "forecast");

            migrationBuilder.DropTable(
                name: "google_content",
                schema: "prospector");

            migrationBuilder.DropTable(
                name: "jobs",
                schema: "jobs");

            migrationBuilder.DropTable(
                name: "products",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "campaign_runs",
                schema: "prospector");

            migrationBuilder.DropTable(
                name: "demand_series",
                schema: "forecast");

            migrationBuilder.DropTable(
                name: "model_versions",
                schema: "forecast");

            migrationBuilder.DropTable(
                name: "leads",
                schema: "prospector");

            migrationBuilder.DropTable(
                name: "brands",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "categories",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "campaigns",
                schema: "prospector");
        }
    }
}
