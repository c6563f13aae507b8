using Microsoft.EntityFrameworkCore.Migrations;

namespace Shabou.Schema.Tests.Changes;

/// <summary>Renames a column in one step: services of the last release would fail at once.</summary>
internal sealed class RenameInOneStep : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.RenameColumn("oe_number", "products", "maker_number", "catalog");
}

/// <summary>Everything else that a release must not find.</summary>
internal sealed class TakeAway : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("search_words", "catalog");
        migrationBuilder.DropColumn("gtin", "products", "catalog");
        migrationBuilder.AlterColumn<string>("gtin", "products", "character varying(14)", maxLength: 14, schema: "catalog", nullable: false, oldClrType: typeof(string), oldType: "character varying(14)", oldMaxLength: 14, oldNullable: true);
        migrationBuilder.AlterColumn<string>("sku", "products", "character varying(20)", maxLength: 20, schema: "catalog", oldClrType: typeof(string), oldType: "character varying(64)", oldMaxLength: 64);
        migrationBuilder.AlterColumn<int>("price_amount", "products", "integer", schema: "catalog", oldClrType: typeof(decimal), oldType: "numeric(18,3)");
        migrationBuilder.AddColumn<int>("weight", "products", "integer", schema: "catalog", nullable: false);
        migrationBuilder.AddCheckConstraint("ck_products_dear", "products", "price_amount > 1", "catalog");
        migrationBuilder.CreateIndex("ix_products_name_fr", "products", "name_fr", "catalog", unique: true);
        migrationBuilder.DropIndex("ix_products_sku", "products", "catalog");
        migrationBuilder.Sql("ALTER TABLE catalog.products DROP COLUMN name_en");
        migrationBuilder.Sql("ALTER TABLE catalog.products ADD CONSTRAINT ck_products_cheap CHECK (price_amount < 1) NOT VALID");
    }
}

/// <summary>The first of two steps: the new column beside the old one.</summary>
internal sealed class AddBeside : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("maker_number", "products", "character varying(40)", schema: "catalog", nullable: true);
        migrationBuilder.AddColumn<int>("weight", "products", "integer", schema: "catalog", nullable: false, defaultValue: 0);
        migrationBuilder.Sql("UPDATE catalog.products SET maker_number = oe_number");
        migrationBuilder.CreateTable("labels", table => new { id = table.Column<Guid>("uuid") }, "catalog", table => table.PrimaryKey("pk_labels", row => row.id));
        migrationBuilder.AddCheckConstraint("ck_products_kept", "products", "price_amount >= 0", "catalog");
        migrationBuilder.AlterColumn<string>("sku", "products", "character varying(80)", maxLength: 80, schema: "catalog", oldClrType: typeof(string), oldType: "character varying(64)", oldMaxLength: 64);
    }
}

/// <summary>The second step, one release later.</summary>
internal sealed class DropTheOld : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn("oe_number", "products", "catalog");
}

/// <summary>What the builder has no word for, or what somebody wrote by hand.</summary>
internal sealed class Raw(string sql) : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(sql);
}
