using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using NpgsqlTypes;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <inheritdoc />
    public partial class CompleteCatalog : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_products_search",
                schema: "catalog",
                table: "products");

            migrationBuilder.EnsureSchema(
                name: "ops");

            migrationBuilder.AddColumn<decimal>(
                name: "base_price",
                schema: "catalog",
                table: "products",
                type: "numeric(18,3)",
                precision: 18,
                scale: 3,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<decimal>(
                name: "base_quantity",
                schema: "catalog",
                table: "products",
                type: "numeric(12,3)",
                precision: 12,
                scale: 3,
                nullable: false,
                defaultValue: 1m);

            migrationBuilder.AddColumn<string>(
                name: "card",
                schema: "catalog",
                table: "products",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "changed_by",
                schema: "catalog",
                table: "products",
                type: "character varying(200)",
                maxLength: 200,
                nullable: false,
                defaultValue: "system");

            migrationBuilder.AddColumn<string>(
                name: "changed_trace",
                schema: "catalog",
                table: "products",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "deleted_at",
                schema: "catalog",
                table: "products",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "external_id",
                schema: "catalog",
                table: "products",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "gtin",
                schema: "catalog",
                table: "products",
                type: "character varying(14)",
                maxLength: 14,
                nullable: true);

            migrationBuilder.AddColumn<NpgsqlTsVector>(
                name: "lexemes",
                schema: "catalog",
                table: "products",
                type: "tsvector",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "price_set_after",
                schema: "catalog",
                table: "products",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<Guid>(
                name: "replaced_by_id",
                schema: "catalog",
                table: "products",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "changed_by",
                schema: "catalog",
                table: "categories",
                type: "character varying(200)",
                maxLength: 200,
                nullable: false,
                defaultValue: "system");

            migrationBuilder.AddColumn<string>(
                name: "changed_trace",
                schema: "catalog",
                table: "categories",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<uint>(
                name: "xmin",
                schema: "catalog",
                table: "categories",
                type: "xid",
                rowVersion: true,
                nullable: false,
                defaultValue: 0u);

            migrationBuilder.AddColumn<string>(
                name: "changed_by",
                schema: "catalog",
                table: "brands",
                type: "character varying(200)",
                maxLength: 200,
                nullable: false,
                defaultValue: "system");

            migrationBuilder.AddColumn<string>(
                name: "changed_trace",
                schema: "catalog",
                table: "brands",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "search",
                schema: "catalog",
                table: "brands",
                type: "character varying(200)",
                maxLength: 200,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<uint>(
                name: "xmin",
                schema: "catalog",
                table: "brands",
                type: "xid",
                rowVersion: true,
                nullable: false,
                defaultValue: 0u);

            migrationBuilder.CreateTable(
                name: "assortments",
                schema: "catalog",
                columns: table => new
                {
                    brand_id = table.Column<Guid>(type: "uuid", nullable: false),
                    category_id = table.Column<Guid>(type: "uuid", nullable: false),
                    products = table.Column<int>(type: "integer", nullable: false),
                    base_value = table.Column<decimal>(type: "numeric(30,6)", precision: 30, scale: 6, nullable: false),
                    current_value = table.Column<decimal>(type: "numeric(30,6)", precision: 30, scale: 6, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_assortments", x => new { x.brand_id, x.category_id });
                });

            migrationBuilder.CreateTable(
                name: "audit_entries",
                schema: "ops",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    table_name = table.Column<string>(type: "character varying(63)", maxLength: 63, nullable: false),
                    row_id = table.Column<Guid>(type: "uuid", nullable: false),
                    action = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    trace_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    before = table.Column<string>(type: "jsonb", nullable: true),
                    after = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_entries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "forecast_copies",
                schema: "catalog",
                columns: table => new
                {
                    product_id = table.Column<Guid>(type: "uuid", nullable: false),
                    horizon = table.Column<int>(type: "integer", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    fetched_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_forecast_copies", x => new { x.product_id, x.horizon });
                    table.ForeignKey(
                        name: "fk_forecast_copies_products_product_id",
                        column: x => x.product_id,
                        principalSchema: "catalog",
                        principalTable: "products",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "idempotent_requests",
                schema: "ops",
                columns: table => new
                {
                    key_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    request_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: false),
                    location = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    etag = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotent_requests", x => x.key_hash);
                });

            migrationBuilder.CreateTable(
                name: "price_changes",
                schema: "catalog",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    product_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    amount = table.Column<decimal>(type: "numeric(18,3)", precision: 18, scale: 3, nullable: false),
                    set_after = table.Column<int>(type: "integer", nullable: false),
                    changed_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_price_changes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "price_index_points",
                schema: "catalog",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    price_list_number = table.Column<int>(type: "integer", nullable: false),
                    brand_id = table.Column<Guid>(type: "uuid", nullable: true),
                    category_id = table.Column<Guid>(type: "uuid", nullable: true),
                    base_value = table.Column<decimal>(type: "numeric(30,6)", precision: 30, scale: 6, nullable: false),
                    current_value = table.Column<decimal>(type: "numeric(30,6)", precision: 30, scale: 6, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_price_index_points", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "prices",
                schema: "catalog",
                columns: table => new
                {
                    product_id = table.Column<Guid>(type: "uuid", nullable: false),
                    price_list_number = table.Column<int>(type: "integer", nullable: false),
                    amount = table.Column<decimal>(type: "numeric(18,3)", precision: 18, scale: 3, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prices", x => new { x.product_id, x.price_list_number });
                    table.CheckConstraint("ck_prices_amount", "amount >= 0");
                });

            migrationBuilder.CreateTable(
                name: "reference_numbers",
                schema: "catalog",
                columns: table => new
                {
                    product_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    maker = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    normalised = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    number = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reference_numbers", x => new { x.product_id, x.kind, x.normalised, x.maker });
                    table.CheckConstraint("ck_reference_numbers_normalised", "normalised <> ''");
                    table.ForeignKey(
                        name: "fk_reference_numbers_products_product_id",
                        column: x => x.product_id,
                        principalSchema: "catalog",
                        principalTable: "products",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "search_words",
                schema: "catalog",
                columns: table => new
                {
                    word = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_search_words", x => x.word);
                });

            migrationBuilder.CreateTable(
                name: "suppliers",
                schema: "catalog",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    current_list_number = table.Column<int>(type: "integer", nullable: true),
                    changed_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, defaultValue: "system"),
                    changed_trace = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_suppliers", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "vehicles",
                schema: "catalog",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    ktype = table.Column<int>(type: "integer", nullable: true),
                    make = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    model = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    variant = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    engine = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    fuel = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    year_from = table.Column<int>(type: "integer", nullable: false),
                    year_to = table.Column<int>(type: "integer", nullable: true),
                    vin_prefix = table.Column<string>(type: "character varying(11)", maxLength: 11, nullable: true),
                    changed_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, defaultValue: "system"),
                    changed_trace = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_vehicles", x => x.id);
                    table.CheckConstraint("ck_vehicles_years", "year_from BETWEEN 1886 AND 2100 AND year_to BETWEEN year_from AND 2100");
                });

            migrationBuilder.CreateTable(
                name: "warehouses",
                schema: "catalog",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    changed_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, defaultValue: "system"),
                    changed_trace = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_warehouses", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "price_lists",
                schema: "catalog",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    supplier_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: true),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    on_error = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    dry_run = table.Column<bool>(type: "boolean", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: true),
                    rows_read = table.Column<int>(type: "integer", nullable: false),
                    rows_applied = table.Column<int>(type: "integer", nullable: false),
                    rows_refused = table.Column<int>(type: "integer", nullable: false),
                    previous_number = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    applied_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    rolled_back_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_price_lists", x => x.id);
                    table.CheckConstraint("ck_price_lists_number", "(number IS NOT NULL) = (state IN ('Applied', 'RolledBack'))");
                    table.ForeignKey(
                        name: "fk_price_lists_suppliers_supplier_id",
                        column: x => x.supplier_id,
                        principalSchema: "catalog",
                        principalTable: "suppliers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "fitments",
                schema: "catalog",
                columns: table => new
                {
                    product_id = table.Column<Guid>(type: "uuid", nullable: false),
                    vehicle_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_fitments", x => new { x.product_id, x.vehicle_id });
                    table.ForeignKey(
                        name: "fk_fitments_products_product_id",
                        column: x => x.product_id,
                        principalSchema: "catalog",
                        principalTable: "products",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_fitments_vehicles_vehicle_id",
                        column: x => x.vehicle_id,
                        principalSchema: "catalog",
                        principalTable: "vehicles",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "stock_levels",
                schema: "catalog",
                columns: table => new
                {
                    product_id = table.Column<Guid>(type: "uuid", nullable: false),
                    warehouse_id = table.Column<Guid>(type: "uuid", nullable: false),
                    on_hand = table.Column<int>(type: "integer", nullable: false),
                    reserved = table.Column<int>(type: "integer", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stock_levels", x => new { x.product_id, x.warehouse_id });
                    table.CheckConstraint("ck_stock_levels_reserved", "reserved BETWEEN 0 AND on_hand");
                    table.ForeignKey(
                        name: "fk_stock_levels_products_product_id",
                        column: x => x.product_id,
                        principalSchema: "catalog",
                        principalTable: "products",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_stock_levels_warehouses_warehouse_id",
                        column: x => x.warehouse_id,
                        principalSchema: "catalog",
                        principalTable: "warehouses",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "price_list_errors",
                schema: "catalog",
                columns: table => new
                {
                    price_list_id = table.Column<Guid>(type: "uuid", nullable: false),
                    line = table.Column<int>(type: "integer", nullable: false),
                    field = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    reason = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_price_list_errors", x => new { x.price_list_id, x.line, x.field });
                    table.ForeignKey(
                        name: "fk_price_list_errors_price_lists_price_list_id",
                        column: x => x.price_list_id,
                        principalSchema: "catalog",
                        principalTable: "price_lists",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "price_list_rows",
                schema: "catalog",
                columns: table => new
                {
                    price_list_id = table.Column<Guid>(type: "uuid", nullable: false),
                    line = table.Column<int>(type: "integer", nullable: false),
                    sku = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    amount = table.Column<decimal>(type: "numeric(18,3)", precision: 18, scale: 3, nullable: true),
                    error_column = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    error = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_price_list_rows", x => new { x.price_list_id, x.line });
                    table.ForeignKey(
                        name: "fk_price_list_rows_price_lists_price_list_id",
                        column: x => x.price_list_id,
                        principalSchema: "catalog",
                        principalTable: "price_lists",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "stock_reservations",
                schema: "catalog",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    product_id = table.Column<Guid>(type: "uuid", nullable: false),
                    warehouse_id = table.Column<Guid>(type: "uuid", nullable: false),
                    quantity = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    reference = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stock_reservations", x => x.id);
                    table.CheckConstraint("ck_stock_reservations_quantity", "quantity > 0");
                    table.ForeignKey(
                        name: "fk_stock_reservations_stock_levels_product_id_warehouse_id",
                        columns: x => new { x.product_id, x.warehouse_id },
                        principalSchema: "catalog",
                        principalTable: "stock_levels",
                        principalColumns: new[] { "product_id", "warehouse_id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_products_brand_id_gtin",
                schema: "catalog",
                table: "products",
                columns: new[] { "brand_id", "gtin" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_products_external_id",
                schema: "catalog",
                table: "products",
                column: "external_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_products_gtin",
                schema: "catalog",
                table: "products",
                column: "gtin");

            migrationBuilder.CreateIndex(
                name: "ix_products_lexemes",
                schema: "catalog",
                table: "products",
                column: "lexemes")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_products_replaced_by_id",
                schema: "catalog",
                table: "products",
                column: "replaced_by_id",
                filter: "replaced_by_id IS NOT NULL");

            migrationBuilder.AddCheckConstraint(
                name: "ck_products_base",
                schema: "catalog",
                table: "products",
                sql: "base_price >= 0 AND base_quantity >= 0");

            migrationBuilder.AddCheckConstraint(
                name: "ck_products_gtin",
                schema: "catalog",
                table: "products",
                sql: "gtin ~ '^([0-9]{8}|[0-9]{12,14})$'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_products_replaced_by",
                schema: "catalog",
                table: "products",
                sql: "replaced_by_id <> id");

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_row_id_id",
                schema: "ops",
                table: "audit_entries",
                columns: new[] { "row_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_fitments_vehicle_id_product_id",
                schema: "catalog",
                table: "fitments",
                columns: new[] { "vehicle_id", "product_id" });

            migrationBuilder.CreateIndex(
                name: "ix_idempotent_requests_created_at",
                schema: "ops",
                table: "idempotent_requests",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_price_changes_product_id_id",
                schema: "catalog",
                table: "price_changes",
                columns: new[] { "product_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_price_index_points_brand_id_category_id_id",
                schema: "catalog",
                table: "price_index_points",
                columns: new[] { "brand_id", "category_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_price_lists_number",
                schema: "catalog",
                table: "price_lists",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_price_lists_supplier_id_id",
                schema: "catalog",
                table: "price_lists",
                columns: new[] { "supplier_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_prices_price_list_number_amount_product_id",
                schema: "catalog",
                table: "prices",
                columns: new[] { "price_list_number", "amount", "product_id" });

            migrationBuilder.CreateIndex(
                name: "ix_reference_numbers_normalised_kind",
                schema: "catalog",
                table: "reference_numbers",
                columns: new[] { "normalised", "kind" })
                .Annotation("Npgsql:IndexInclude", new[] { "product_id" });

            migrationBuilder.CreateIndex(
                name: "ix_search_words_trigrams",
                schema: "catalog",
                table: "search_words",
                column: "word")
                .Annotation("Npgsql:IndexMethod", "gist")
                .Annotation("Npgsql:IndexOperators", new[] { "gist_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_stock_levels_available",
                schema: "catalog",
                table: "stock_levels",
                column: "product_id",
                filter: "on_hand > reserved");

            migrationBuilder.CreateIndex(
                name: "ix_stock_levels_warehouse_id",
                schema: "catalog",
                table: "stock_levels",
                column: "warehouse_id");

            migrationBuilder.CreateIndex(
                name: "ix_stock_reservations_expires_at",
                schema: "catalog",
                table: "stock_reservations",
                column: "expires_at",
                filter: "state = 'Held'");

            migrationBuilder.CreateIndex(
                name: "ix_stock_reservations_product_id_warehouse_id",
                schema: "catalog",
                table: "stock_reservations",
                columns: new[] { "product_id", "warehouse_id" });

            migrationBuilder.CreateIndex(
                name: "ix_suppliers_current_list_number",
                schema: "catalog",
                table: "suppliers",
                column: "current_list_number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_suppliers_slug",
                schema: "catalog",
                table: "suppliers",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_vehicles_ktype",
                schema: "catalog",
                table: "vehicles",
                column: "ktype",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_vehicles_make_model_variant_year_from_engine",
                schema: "catalog",
                table: "vehicles",
                columns: new[] { "make", "model", "variant", "year_from", "engine" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_vehicles_vin_prefix",
                schema: "catalog",
                table: "vehicles",
                column: "vin_prefix");

            migrationBuilder.CreateIndex(
                name: "ix_warehouses_slug",
                schema: "catalog",
                table: "warehouses",
                column: "slug",
                unique: true);

            migrationBuilder.AddForeignKey(
                name: "fk_products_products_replaced_by_id",
                schema: "catalog",
                table: "products",
                column: "replaced_by_id",
                principalSchema: "catalog",
                principalTable: "products",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_products_products_replaced_by_id",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropTable(
                name: "assortments",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "audit_entries",
                schema: "ops");

            migrationBuilder.DropTable(
                name: "fitments",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "forecast_copies",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "idempotent_requests",
                schema: "ops");

            migrationBuilder.DropTable(
                name: "price_changes",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "price_index_points",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "price_list_errors",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "price_list_rows",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "prices",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "reference_numbers",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "search_words",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "stock_reservations",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "vehicles",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "price_lists",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "stock_levels",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "suppliers",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "warehouses",
                schema: "catalog");

            migrationBuilder.DropIndex(
                name: "ix_products_brand_id_gtin",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropIndex(
                name: "ix_products_external_id",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropIndex(
                name: "ix_products_gtin",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropIndex(
                name: "ix_products_lexemes",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropIndex(
                name: "ix_products_replaced_by_id",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropCheckConstraint(
                name: "ck_products_base",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropCheckConstraint(
                name: "ck_products_gtin",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropCheckConstraint(
                name: "ck_products_replaced_by",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "base_price",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "base_quantity",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "card",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "changed_by",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "changed_trace",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "deleted_at",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "external_id",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "gtin",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "lexemes",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "price_set_after",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "replaced_by_id",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "changed_by",
                schema: "catalog",
                table: "categories");

            migrationBuilder.DropColumn(
                name: "changed_trace",
                schema: "catalog",
                table: "categories");

            migrationBuilder.DropColumn(
                name: "xmin",
                schema: "catalog",
                table: "categories");

            migrationBuilder.DropColumn(
                name: "changed_by",
                schema: "catalog",
                table: "brands");

            migrationBuilder.DropColumn(
                name: "changed_trace",
                schema: "catalog",
                table: "brands");

            migrationBuilder.DropColumn(
                name: "search",
                schema: "catalog",
                table: "brands");

            migrationBuilder.DropColumn(
                name: "xmin",
                schema: "catalog",
                table: "brands");

            migrationBuilder.CreateIndex(
                name: "ix_products_search",
                schema: "catalog",
                table: "products",
                column: "search")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });
        }
    }
}
