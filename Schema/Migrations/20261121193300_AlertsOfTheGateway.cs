using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shabou.Schema.Migrations
{
    /// <summary>The gateway may say alerts but not touch the queue; ordering an alert's delivery is the table's own affair.</summary>
    public partial class AlertsOfTheGateway : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("ALTER FUNCTION ops.send_alert() SECURITY DEFINER SET search_path = pg_catalog, pg_temp;");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("ALTER FUNCTION ops.send_alert() SECURITY INVOKER RESET search_path;");
    }
}
