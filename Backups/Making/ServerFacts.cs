using Npgsql;
using Shabou.Schema;

namespace Shabou.Backups.Making;

/// <summary>What a server says of itself.</summary>
/// <param name="SystemIdentifier">The same for a server, its copies and its restored backups.</param>
/// <param name="Version">Major version.</param>
/// <param name="Bytes">Of all databases.</param>
/// <param name="DataDirectory">Null when the role may not know.</param>
internal sealed record ServerFacts(string SystemIdentifier, int Version, int Timeline, string WalPosition, long Bytes, string? DataDirectory, string? AppliedMigration)
{
    private const string Sql = """
        SELECT (SELECT system_identifier::text FROM pg_control_system()), current_setting('server_version_num')::int / 10000,
               (SELECT timeline_id FROM pg_control_checkpoint()), pg_current_wal_lsn()::text, (SELECT sum(pg_database_size(oid))::bigint FROM pg_database WHERE datallowconn),
               CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE') THEN current_setting('data_directory') END
        """;

    /// <summary>That alone: it costs nothing, whereas the size of large databases does.</summary>
    public static async Task<string> ReadIdentifierAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT system_identifier::text FROM pg_control_system()", connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public static async Task<ServerFacts> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string identifier, position;
        string? folder;
        int version, timeline;
        long bytes;
        await using (var command = new NpgsqlCommand(Sql, connection))
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            await row.ReadAsync(cancellationToken);
            (identifier, version, timeline, position, bytes) = (row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetString(3), row.GetInt64(4));
            folder = await row.IsDBNullAsync(5, cancellationToken) ? null : row.GetString(5);
        }
        return new(identifier, version, timeline, position, bytes, folder, (await SchemaVersion.OfAsync(connection, cancellationToken)).Applied);
    }
}
