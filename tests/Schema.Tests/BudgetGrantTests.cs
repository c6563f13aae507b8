using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

public sealed class BudgetGrantTests(TestServers servers)
{
    [Fact]
    public async Task The_prospector_adds_to_its_ledger_and_takes_nothing_back()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var database = await servers.CreateEmptyDatabaseAsync();
        var run = await MigratorProcess.RunAsync(database, demo: false);
        Assert.True(run.ExitCode == 0, run.Output);
        var login = new NpgsqlConnectionStringBuilder(database) { Username = Roles.Prospector, Password = MigratorProcess.PasswordOf(Roles.Prospector), Pooling = false };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(cancellation);

        await RunAsync("UPDATE prospector.budget_switch SET killed = true, reason = 'Test.', changed_by = 'me', revision = revision + 1");
        Assert.Equal("me", await ReadAsync("SELECT actor FROM prospector.budget_changes WHERE what = 'killed'"));
        await RunAsync("""
            INSERT INTO ops.alerts (id, kind, subject, severity, summary, once_key, created_at, attempts) VALUES (gen_random_uuid(), 'k', 's', 'Info', 'x', 'once', now(), 0)
            ON CONFLICT (once_key) DO NOTHING
            """);
        await RunAsync("SELECT prospector.budget_now()");

        foreach (var statement in new[]
        {
            "UPDATE prospector.budget_changes SET actor = 'somebody else'", "DELETE FROM prospector.budget_changes", "TRUNCATE prospector.budget_changes",
            "INSERT INTO prospector.budget_changes (scope, at, what, actor, reason, before, after) VALUES ('places', now(), 'revived', 'me', 'x', '{}', '{}')",
            "DELETE FROM prospector.budget_reservations", "DELETE FROM prospector.budget_windows", "DELETE FROM prospector.budget_switch", "DELETE FROM ops.alerts",
            "ALTER TABLE prospector.budget_switch DISABLE TRIGGER USER", "DROP TRIGGER record_change ON prospector.budget_switch", "ALTER TABLE prospector.budget_windows DROP CONSTRAINT ck_budget_windows_cap",
            "CREATE OR REPLACE FUNCTION prospector.budget_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
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

        async Task<string?> ReadAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (string?)await command.ExecuteScalarAsync(cancellation);
        }
    }

    [Fact]
    public async Task Calls_under_way_and_money_spent_before_money_was_a_cap_are_taken_over()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var context = TestServers.ContextOn(await servers.CreateEmptyDatabaseAsync());
        var migrator = context.GetService<IMigrator>();
        var before = context.Database.GetMigrations().TakeWhile(name => !name.EndsWith("BudgetMoney", StringComparison.Ordinal)).Last();
        await migrator.MigrateAsync(before, cancellation);
        await context.Database.ExecuteSqlAsync($"""
            INSERT INTO prospector.budget_windows (scope, kind, key, used, reserved, cap, cost_micros) VALUES
                ('places', 'Day', '2026-11-20', 1, 1, 150, 70000), ('places', 'Month', '2026-11-01', 1, 1, 4500, 400000000);
            INSERT INTO prospector.budget_reservations (id, scope, idempotency_key, attempt, sku, units, day_key, month_key, state, cost_micros, reserved_at, expires_at)
            VALUES (gen_random_uuid(), 'places', 'a', 1, 'sku', 1, '2026-11-20', '2026-11-01', 'Reserved', 35000, now(), now())
            """, cancellation);
        await migrator.MigrateAsync(cancellationToken: cancellation);
        var windows = await context.BudgetWindows.OrderBy(w => w.Kind).ToListAsync(cancellation);
        Assert.Equal([(35_000, 300_000_000), (35_000L, 400_000_000L)], windows.Select(w => (w.ReservedMicros, w.CapMicros)));
        await migrator.MigrateAsync(before, cancellation);
        await migrator.MigrateAsync(cancellationToken: cancellation);
    }
}
