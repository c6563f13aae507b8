using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Shabou.Schema;

/// <summary>Whether a database is at the migration this program was built for. Asked without building EF's model, which takes a
/// second of CPU at the start of every process.</summary>
public static class SchemaVersion
{
    /// <summary>Id of the last migration compiled in.</summary>
    public static string Compiled { get; } = typeof(ShabouContext).Assembly.GetTypes()
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).Where(id => id is not null).Max(StringComparer.Ordinal)!;

    /// <summary>Id of the last migration applied, or null when there is none.</summary>
    /// <param name="connection">Open.</param>
    public static async Task<string?> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" ORDER BY 1 DESC LIMIT 1", connection);
            return await command.ExecuteScalarAsync(cancellationToken) as string;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }
}
