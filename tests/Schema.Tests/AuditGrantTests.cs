using Npgsql;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

public sealed class AuditGrantTests(TestServers servers)
{
    [Fact]
    public async Task The_catalog_writes_the_audit_by_changing_parts_and_in_no_other_way()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var database = await servers.CreateEmptyDatabaseAsync();
        var run = await MigratorProcess.RunAsync(database);
        Assert.True(run.ExitCode == 0, run.Output);
        var login = new NpgsqlConnectionStringBuilder(database) { Username = Roles.Catalog, Password = MigratorProcess.PasswordOf(Roles.Catalog), Pooling = false };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(cancellation);

        var before = await CountAsync();
        await RunAsync("UPDATE catalog.products SET name_fr = name_fr || ' (2)' WHERE id = (SELECT min(id::text)::uuid FROM catalog.products)");
        Assert.Equal(before + 1, await CountAsync());

        foreach (var statement in new[]
        {
            "INSERT INTO ops.audit_entries (at, table_name, row_id, action, actor) VALUES (now(), 'products', gen_random_uuid(), 'created', 'me')",
            "UPDATE ops.audit_entries SET actor = 'somebody else'", "DELETE FROM ops.audit_entries", "TRUNCATE ops.audit_entries",
            "ALTER TABLE ops.audit_entries DISABLE TRIGGER USER", "ALTER TABLE catalog.products DISABLE TRIGGER USER", "DROP TRIGGER audit_updated ON catalog.products",
            "SET session_replication_role = replica", "COPY ops.audit_entries (actor) FROM STDIN",
        })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(statement));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
        Assert.Equal(before + 1, await CountAsync());

        async Task<long> CountAsync()
        {
            await using var command = new NpgsqlCommand("SELECT count(*) FROM ops.audit_entries", connection);
            return (long)(await command.ExecuteScalarAsync(cancellation))!;
        }

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    [Fact]
    public async Task The_catalog_can_stage_a_bulk_upsert_in_a_temporary_table()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var database = await servers.CreateEmptyDatabaseAsync();
        var run = await MigratorProcess.RunAsync(database, demo: false);
        Assert.True(run.ExitCode == 0, run.Output);
        var login = new NpgsqlConnectionStringBuilder(database) { Username = Roles.Catalog, Password = MigratorProcess.PasswordOf(Roles.Catalog), Pooling = false };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand("CREATE TEMPORARY TABLE staging (id int); SELECT pg_advisory_lock(1); SET enable_seqscan = off", connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
