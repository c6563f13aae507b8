using Microsoft.EntityFrameworkCore;
using Shabou.Schema.Identity;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

public sealed class MigratorTests(TestServers servers)
{
    [Fact]
    public async Task Copies_that_start_together_migrate_once_and_all_succeed()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        await WatchChangesAsync(database);
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigratorProcess.RunAsync(database)));

        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Output));
        await using var context = TestServers.ContextOn(database);
        var migrations = context.Database.GetMigrations().Count();
        Assert.Equal(1, runs.Count(r => r.Output.Contains($"Applied {migrations} migrations", StringComparison.Ordinal)));
        // Who changed the schema: the role migrator in one session; the login it came with only granted, noted, set defaults and saw to the extension.
        var changes = await context.Database.SqlQuery<Change>($"SELECT role, tag, count(DISTINCT pid)::int AS sessions FROM watch.changes GROUP BY role, tag").ToListAsync(TestContext.Current.CancellationToken);
        Assert.Contains(changes, change => change is { Role: Roles.Migrator, Tag: "CREATE TABLE", Sessions: 1 });
        Assert.All(changes, change => Assert.True(change.Role == Roles.Migrator || change.Tag is "GRANT" or "REVOKE" or "COMMENT" or "ALTER DEFAULT PRIVILEGES" or "CREATE EXTENSION", $"{change.Role}: {change.Tag}"));
        Assert.Equal(2_000, await context.Products.CountAsync(TestContext.Current.CancellationToken));
        Assert.True(await context.Fitments.CountAsync(TestContext.Current.CancellationToken) > 2_000);
        Assert.True(await context.StockLevels.CountAsync(l => l.OnHand > 0, TestContext.Current.CancellationToken) > 1_000);
        Assert.Equal(1, await context.ApiKeys.CountAsync(k => k.Role == ApiKeyRole.Admin, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_new_administrators_key_ends_the_old_one()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        const string second = "another-administrators-key-of-43-characters";
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, demo: false)).ExitCode);
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, demo: false, adminKey: second)).ExitCode);
        await using var context = TestServers.ContextOn(database);
        var valid = await context.ApiKeys.SingleAsync(k => k.RevokedAt == null, TestContext.Current.CancellationToken);
        Assert.Equal(ApiKey.HashOf(second), valid.Hash);
    }

    [Fact]
    public async Task The_bootstrap_token_is_stored_hashed_once_and_a_used_one_stays_used()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        const string token = "a-bootstrap-token-that-has-43-characters-01";
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, demo: false, bootstrapToken: token)).ExitCode);
        await using var context = TestServers.ContextOn(database);
        await context.BootstrapTokens.ExecuteUpdateAsync(set => set.SetProperty(t => t.UsedAt, DateTimeOffset.UtcNow), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, demo: false, bootstrapToken: token)).ExitCode);
        var stored = await context.BootstrapTokens.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ApiKey.HashOf(token), stored.Hash);
        Assert.NotNull(stored.UsedAt);
    }

    [Fact]
    public async Task A_new_bootstrap_token_ends_one_that_nobody_used()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        const string second = "another-bootstrap-token-of-at-least-32-characters";
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, demo: false, bootstrapToken: "a-bootstrap-token-that-has-43-characters-01")).ExitCode);
        Assert.Equal(0, (await MigratorProcess.RunAsync(database, demo: false, bootstrapToken: second)).ExitCode);
        await using var context = TestServers.ContextOn(database);
        Assert.Equal(ApiKey.HashOf(second), (await context.BootstrapTokens.SingleAsync(TestContext.Current.CancellationToken)).Hash);
        var (exitCode, output) = await MigratorProcess.RunAsync(database, demo: false, bootstrapToken: "short");
        Assert.Equal(1, exitCode);
        Assert.Contains("BootstrapToken must have at least 32 characters", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short", "AdminApiKey must have at least 32 characters")]
    public async Task A_guessable_administrators_key_is_refused(string key, string sentence)
    {
        var (exitCode, output) = await MigratorProcess.RunAsync(await servers.CreateEmptyDatabaseAsync(), demo: false, adminKey: key);
        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_lets_fewer_in_than_planned_is_named_in_one_sentence_and_migrated()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        await using var context = TestServers.ContextOn(database);
        var room = await context.Database.SqlQuery<int>($"SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS \"Value\"").SingleAsync(TestContext.Current.CancellationToken);
        var fits = await MigratorProcess.RunAsync(database, demo: false, settings: [("Postgres:PlannedConnections", $"{room}")]);
        Assert.Equal(0, fits.ExitCode);
        Assert.DoesNotContain("lets", fits.Output, StringComparison.Ordinal);
        var (exitCode, output) = await MigratorProcess.RunAsync(database, demo: false, settings: [("Postgres:PlannedConnections", $"{room + 1}")]);
        Assert.Equal(0, exitCode);
        Assert.Contains($"PostgreSQL lets {room} connections in and the plan needs {room + 1}: raise max_connections", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_database_it_says_so_and_fails()
    {
        var (exitCode, output) = await MigratorProcess.RunAsync("Host=localhost;Port=1;Database=shabou;Username=x;Password=y;Timeout=2", demo: false);
        Assert.Equal(1, exitCode);
        Assert.Contains("The migration did not finish", output, StringComparison.Ordinal);
    }

    /// <summary>A log of every change of the schema, kept by PostgreSQL itself.</summary>
    private static async Task WatchChangesAsync(string database)
    {
        await using var context = TestServers.ContextOn(database);
        await context.Database.ExecuteSqlAsync($"""
            CREATE EXTENSION pg_stat_statements; -- the owner makes it where it is missing, by the commands of its own script
            CREATE SCHEMA watch;
            CREATE TABLE watch.changes (role text, tag text, pid int);
            CREATE FUNCTION watch.note() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN INSERT INTO watch.changes VALUES (coalesce(nullif(current_setting(''role''), ''none''), session_user), tg_tag, pg_backend_pid()); END';
            CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION watch.note();
            """, TestContext.Current.CancellationToken);
    }

    private sealed record Change(string Role, string Tag, int Sessions);
}
