using Npgsql;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

public sealed class ForecastGrantTests(TestServers servers)
{
    [Fact]
    public async Task The_forecaster_reads_what_it_needs_of_the_catalog_and_changes_nothing_there()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var database = await servers.CreateEmptyDatabaseAsync();
        var run = await MigratorProcess.RunAsync(database, demo: false);
        Assert.True(run.ExitCode == 0, run.Output);
        var login = new NpgsqlConnectionStringBuilder(database) { Username = Roles.Forecast, Password = MigratorProcess.PasswordOf(Roles.Forecast), Pooling = false };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(cancellation);

        await RunAsync("""
            SELECT catalog.effective_price(p.id, p.price_amount, p.price_set_after), c.path, l.on_hand, w.slug FROM catalog.products p
            JOIN catalog.categories c ON c.id = p.category_id LEFT JOIN catalog.stock_levels l ON l.product_id = p.id LEFT JOIN catalog.warehouses w ON w.id = l.warehouse_id
            """);
        await RunAsync("INSERT INTO forecast.planning_parameters (sku, warehouse, lead_time_days, changed_by, updated_at) VALUES ('A', '', 3, 'me', now())");
        await RunAsync("INSERT INTO forecast.forecast_overrides (sku, period, quantity, reason, changed_by, updated_at) VALUES ('A', '2026-01-01', 3, 'x', 'me', now())");
        foreach (var statement in new[]
        {
            "UPDATE catalog.products SET sku = sku", "DELETE FROM catalog.categories", "UPDATE catalog.stock_levels SET on_hand = 0", "INSERT INTO catalog.warehouses (id) VALUES (gen_random_uuid())",
            "SELECT * FROM catalog.brands", "SELECT * FROM catalog.stock_reservations", "SELECT * FROM catalog.price_lists",
        })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(statement));
            Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{statement}: {refused.MessageText}");
        }

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}
