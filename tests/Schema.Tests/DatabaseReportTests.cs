using Npgsql;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

public sealed class DatabaseReportTests(TestServers servers)
{
    [Fact]
    public async Task The_report_tells_a_person_what_the_database_is_and_does()
    {
        var database = await servers.CreateEmptyDatabaseAsync();
        var (migrated, said) = await MigratorProcess.RunAsync(database);
        Assert.True(migrated == 0, said);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var member = new NpgsqlCommand("SELECT pg_has_role('gateway', 'pg_monitor', 'MEMBER')", connection); // or the gateway would see its own sessions only
        Assert.Equal(true, await member.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        var (exitCode, page) = await MigratorProcess.RunAsync(database, arguments: ["report"]);
        Assert.True(exitCode == 0, page);
        Assert.All(
            ["max connections", "for superusers", "streams of the log", "Connections by role", "Oldest open transactions", "rolled back", "Biggest tables", "catalog.products", "Slowest statements", "mean ms", "Indexes that no statement has used", "There is no standby.",
                "There is no backup", SchemaVersion.Compiled],
            words => Assert.Contains(words, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_database_is_reported_as_what_it_is()
    {
        var (exitCode, page) = await MigratorProcess.RunAsync(await servers.CreateEmptyDatabaseAsync(), arguments: ["report"]);
        Assert.True(exitCode == 0, page);
        Assert.Contains("None: run Migrator.", page, StringComparison.Ordinal);
        Assert.Contains("does not load pg_stat_statements", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_one_sentence_and_no_success()
    {
        var nowhere = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = 1, Username = "nobody", Database = "shabou" };
        var (exitCode, page) = await MigratorProcess.RunAsync(nowhere.ConnectionString, arguments: ["report"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("The database could not be asked", page, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", page, StringComparison.Ordinal);
    }
}
