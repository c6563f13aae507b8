using Npgsql;
using Shabou.Schema;

namespace Shabou.Gateway.Tests.Servers;

/// <summary>The database as the deployed gateway sees it: with its role's grants and no more.</summary>
internal static class GatewayRole
{
    /// <returns>A connection string of the role.</returns>
    internal static async Task<string> LogInAsync(PostgresServer postgres, CancellationToken cancellationToken)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(connectionString.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new($"DO $$ BEGIN CREATE ROLE {Roles.Gateway} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"));
        foreach (var grant in Roles.Grants.Where(grant => grant.Role == Roles.Gateway))
        {
            batch.BatchCommands.Add(new($"GRANT USAGE ON SCHEMA {grant.Schema} TO {Roles.Gateway}"));
            batch.BatchCommands.Add(new($"GRANT {grant.Verbs} ON {grant.Kind} {grant.Target} TO {Roles.Gateway}"));
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Username = Roles.Gateway }.ConnectionString;
    }
}
