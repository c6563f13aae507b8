using Npgsql;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

public sealed class ProspectorGrantTests(TestServers servers)
{
    [Fact]
    public async Task The_prospector_can_work_on_leads_and_cannot_rewrite_their_history_or_its_exports()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var database = await servers.CreateEmptyDatabaseAsync();
        var run = await MigratorProcess.RunAsync(database, demo: false);
        Assert.True(run.ExitCode == 0, run.Output);
        var login = new NpgsqlConnectionStringBuilder(database) { Username = Roles.Prospector, Password = MigratorProcess.PasswordOf(Roles.Prospector), Pooling = false };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(cancellation);

        await RunAsync("INSERT INTO prospector.leads (id, place_id, stage, governorate, first_seen_at, last_seen_at) VALUES ('00000000-0000-0000-0000-000000000001', 'p', 'New', 'Sfax', now(), now())");
        await RunAsync("UPDATE prospector.leads SET stage = 'Contacted', changed_by = 'me'");
        Assert.Equal(2L, await ScalarAsync("SELECT count(*) FROM ops.lead_stage_changes"));
        await RunAsync("INSERT INTO ops.lead_exports (id, at, actor, purpose, format, filters, leads) VALUES (gen_random_uuid(), now(), 'me', 'calls', 'csv', '{}', 1)");
        await RunAsync("INSERT INTO prospector.suppressions (id, kind, hash, reason, created_at, created_by) VALUES (gen_random_uuid(), 'Phone', sha256('x'), 'asked', now(), 'me')");

        foreach (var statement in new[]
        {
            "INSERT INTO ops.lead_stage_changes (lead_id, at, actor, to_stage) VALUES ('00000000-0000-0000-0000-000000000001', now(), 'me', 'Customer')",
            "UPDATE ops.lead_stage_changes SET actor = 'somebody else'", "DELETE FROM ops.lead_stage_changes", "UPDATE ops.lead_exports SET purpose = 'none'", "DELETE FROM ops.lead_exports",
            "TRUNCATE ops.lead_exports", "ALTER TABLE prospector.leads DISABLE TRIGGER USER", "SELECT * FROM ops.audit_entries", "INSERT INTO ops.audit_entries (at, table_name, row_id, action, actor) VALUES (now(), 'leads', gen_random_uuid(), 'erased', 'me')",
        })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(statement));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }

        // Erasing a lead takes its history along and leaves a note that the service cannot read.
        await RunAsync("DELETE FROM prospector.leads");
        Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM ops.lead_stage_changes"));
        await using var context = TestServers.ContextOn(database);
        Assert.Contains(context.AuditEntries, entry => entry is { TableName: "leads", Action: "erased", Actor: "me", Before: null, After: null });

        async Task<object?> ScalarAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(cancellation);
        }

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}
