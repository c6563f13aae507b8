using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.Schema.Identity;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

public sealed class MigratorTests(TestServers servers)
{
    [Fact]
    public async Task Copies_that_start_together_migrate_once_and_all_succeed()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => MigratorProcess.RunAsync(database)));

        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Output));
        await using var context = TestServers.ContextOn(database);
        var migrations = context.Database.GetMigrations().Count();
        Assert.Equal(1, runs.Count(r => r.Output.Contains($"Applied {migrations} migrations", StringComparison.Ordinal)));
        Assert.Equal(2_000, await context.Products.CountAsync(TestContext.Current.CancellationToken));
        Assert.True(await context.Fitments.CountAsync(TestContext.Current.CancellationToken) > 2_000);
        Assert.True(await context.StockLevels.CountAsync(l => l.OnHand > 0, TestContext.Current.CancellationToken) > 1_000);
        Assert.Equal(1, await context.ApiKeys.CountAsync(k => k.Role == ApiKeyRole.Admin, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Each_role_may_do_what_its_line_says_and_nothing_else()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var database = await servers.CreateEmptyDatabaseAsync();
        var run = await MigratorProcess.RunAsync(database, "Production");
        Assert.True(run.ExitCode == 0, run.Output);
        await using var context = TestServers.ContextOn(database);
        var tables = await context.Database.SqlQuery<string>(
            $"SELECT schemaname || '.' || quote_ident(tablename) AS \"Value\" FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')").ToListAsync(cancellation);
        string[] verbs = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"];

        foreach (var role in Roles.Services)
            foreach (var table in tables)
                foreach (var verb in verbs)
                {
                    // The line of a table counts instead of that of its schema.
                    var line = Roles.Grants.FirstOrDefault(g => g.Role == role && g.Table is not null && table == $"{g.Schema}.{g.Table}")
                        ?? Roles.Grants.FirstOrDefault(g => g.Role == role && g.Table is null && table.StartsWith(g.Schema + ".", StringComparison.Ordinal));
                    var expected = line?.Verbs.Split(", ").Contains(verb) == true;
                    var actual = await context.Database.SqlQuery<bool>($"SELECT has_table_privilege({role}, {table}, {verb}) AS \"Value\"").SingleAsync(cancellation);
                    Assert.True(expected == actual, $"{role} {verb} {table}: expected {expected}, PostgreSQL says {actual}");
                }
    }

    [Fact]
    public async Task A_service_role_cannot_change_the_schema()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var database = await servers.CreateEmptyDatabaseAsync();
        var run = await MigratorProcess.RunAsync(database, "Production");
        Assert.True(run.ExitCode == 0, run.Output);
        foreach (var role in Roles.Services)
        {
            var login = new NpgsqlConnectionStringBuilder(database) { Username = role, Password = MigratorProcess.PasswordOf(role), Pooling = false };
            await using var connection = new NpgsqlConnection(login.ConnectionString);
            await connection.OpenAsync(cancellation);
            foreach (var ddl in new[] { "CREATE TABLE catalog.own (id int)", "CREATE TABLE public.own (id int)", "DROP TABLE catalog.products", "ALTER TABLE catalog.products ADD COLUMN own int", "CREATE SCHEMA own" })
            {
                await using var command = new NpgsqlCommand(ddl, connection);
                var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(cancellation));
                Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
            }
        }
    }

    [Fact]
    public async Task Outside_development_there_is_no_demo_data()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, "Production")).ExitCode);
        await using var context = TestServers.ContextOn(database);
        Assert.False(await context.Products.AnyAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_new_administrators_key_ends_the_old_one()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        const string second = "another-administrators-key-of-43-characters";
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, "Production")).ExitCode);
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, "Production", second)).ExitCode);
        await using var context = TestServers.ContextOn(database);
        var valid = await context.ApiKeys.SingleAsync(k => k.RevokedAt == null, TestContext.Current.CancellationToken);
        Assert.Equal(ApiKey.HashOf(second), valid.Hash);
    }

    [Fact]
    public async Task The_bootstrap_token_is_stored_hashed_once_and_a_used_one_stays_used()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        const string token = "a-bootstrap-token-that-has-43-characters-01";
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, "Production", bootstrapToken: token)).ExitCode);
        await using var context = TestServers.ContextOn(database);
        await context.BootstrapTokens.ExecuteUpdateAsync(set => set.SetProperty(t => t.UsedAt, DateTimeOffset.UtcNow), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, "Production", bootstrapToken: token)).ExitCode);
        var stored = await context.BootstrapTokens.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ApiKey.HashOf(token), stored.Hash);
        Assert.NotNull(stored.UsedAt);
    }

    [Fact]
    public async Task A_new_bootstrap_token_ends_one_that_nobody_used()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        const string second = "another-bootstrap-token-of-at-least-32-characters";
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, "Production", bootstrapToken: "a-bootstrap-token-that-has-43-characters-01")).ExitCode);
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, "Production", bootstrapToken: second)).ExitCode);
        await using var context = TestServers.ContextOn(database);
        Assert.Equal(ApiKey.HashOf(second), (await context.BootstrapTokens.SingleAsync(TestContext.Current.CancellationToken)).Hash);
        var (exitCode, output) = await MigratorProcess.RunAsync(database, "Production", bootstrapToken: "short");
        Assert.Equal(1, exitCode);
        Assert.Contains("BootstrapToken must have at least 32 characters", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short", "AdminApiKey must have at least 32 characters")]
    public async Task A_guessable_administrators_key_is_refused(string key, string sentence)
    {
        var (exitCode, output) = await MigratorProcess.RunAsync(await servers.CreateEmptyDatabaseAsync(), "Production", key);
        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_database_it_says_so_and_fails()
    {
        var (exitCode, output) = await MigratorProcess.RunAsync("Host=localhost;Port=1;Database=shabou;Username=x;Password=y;Timeout=2", "Production");
        Assert.Equal(1, exitCode);
        Assert.Contains("The migration did not finish", output, StringComparison.Ordinal);
    }
}
