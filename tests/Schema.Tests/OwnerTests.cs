using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shabou.Schema.Tests.Tls;
using Shabou.Testing;

namespace Shabou.Schema.Tests;

/// <summary>Migrator with the login that docs/database/setup.md asks for, which is no superuser: a managed server gives no other. On a server of its own: roles belong to the server.</summary>
public sealed class OwnerTests(TlsServer server) : IClassFixture<TlsServer>
{
    private const string RunThis = "have one run '";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_owner_who_is_no_superuser_is_told_what_a_superuser_must_run_once_and_does_the_rest()
    {
        await server.StartAsync(host: null);
        foreach (var statement in (string[])["CREATE ROLE landlord LOGIN CREATEROLE PASSWORD 'landlords-password'", "CREATE DATABASE let OWNER landlord"]) await RunAsync(statement);
        var database = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = "landlord", Password = "landlords-password", Database = "let" }.ConnectionString;

        var refused = await MigratorProcess.RunAsync(database, demo: false);
        Assert.True(refused.ExitCode != 0 && refused.Output.Contains(RunThis, StringComparison.Ordinal), refused.Output);
        Assert.DoesNotContain("   at ", refused.Output, StringComparison.Ordinal); // a sentence, no stack
        var begin = refused.Output.IndexOf(RunThis, StringComparison.Ordinal) + RunThis.Length;
        var asked = refused.Output[begin..refused.Output.IndexOf('\'', begin)].Split("; ");
        foreach (var statement in asked) await RunAsync(statement);
        var run = await MigratorProcess.RunAsync(database, demo: false);
        Assert.True(run.ExitCode == 0, run.Output);

        Assert.Contains("ALTER ROLE backup REPLICATION", asked);
        Assert.Equal(asked.Length, asked.Distinct().Count());
        await using (var backup = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Username = Roles.Backup, Password = MigratorProcess.PasswordOf(Roles.Backup) }.ConnectionString))
            await backup.OpenAsync(Cancelled); // its password was set before it could replicate
        await using var context = TestServers.ContextOn(database);
        Assert.Equal(SchemaVersion.Compiled, (await context.Database.GetAppliedMigrationsAsync(Cancelled)).Last());
    }

    private async Task RunAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
