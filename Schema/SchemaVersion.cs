using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Shabou.Schema;

/// <summary>Whether a database is one that this program was built for. Asked without building EF's model, which takes a second of CPU at the
/// start of every process.</summary>
public static class SchemaVersion
{
    private const string Note = "Builds from migration ";
    private const string NoteEnd = " on can use this schema.";

    /// <summary>Id of the last migration compiled in.</summary>
    public static string Compiled { get; } = typeof(ShabouContext).Assembly.GetTypes()
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).Where(id => id is not null).Max(StringComparer.Ordinal)!;

    /// <summary>Where a database is.</summary>
    /// <param name="connection">Open.</param>
    public static async Task<SchemaState> OfAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand(
                """
                SELECT (SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY 1 DESC LIMIT 1), obj_description('"__EFMigrationsHistory"'::regclass, 'pg_class')
                """, connection);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return new(row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : Read(row.GetString(1)));
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return new(Applied: null, CompatibleFrom: null);
        }
    }

    /// <summary>Notes in the database which builds can use it: as a comment, which every role can read and which goes into every dump.</summary>
    /// <param name="owner">Open, of the owner of the table of migrations.</param>
    /// <param name="from">Id of a migration.</param>
    public static async Task NoteAsync(NpgsqlConnection owner, string from, CancellationToken cancellationToken)
    {
        await using var quote = new NpgsqlCommand("SELECT format('COMMENT ON TABLE \"__EFMigrationsHistory\" IS %L', $1)", owner) { Parameters = { new() { Value = Note + from + NoteEnd } } };
        await using var note = new NpgsqlCommand((string)(await quote.ExecuteScalarAsync(cancellationToken))!, owner);
        await note.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string? Read(string note) =>
        note.StartsWith(Note, StringComparison.Ordinal) && note.EndsWith(NoteEnd, StringComparison.Ordinal) ? note[Note.Length..^NoteEnd.Length] : null;
}

/// <summary>Where a database is.</summary>
/// <param name="Applied">Id of its last migration, or null when there is none.</param>
/// <param name="CompatibleFrom">The oldest build that can use it, named by the last migration compiled into that build; null when nobody noted it.</param>
public sealed record SchemaState(string? Applied, string? CompatibleFrom)
{
    /// <summary>Whether it has migrations that a build does not know. Ids begin with the time they were made, so that the later one sorts behind.</summary>
    public bool IsNewerThan(string compiled) => string.CompareOrdinal(Applied, compiled) > 0;

    /// <summary>Why a build must not use it, in one sentence with the remedy; null when it may.</summary>
    /// <param name="compiled">Id of the last migration compiled in.</param>
    public string? Objection(string compiled) => this switch
    {
        { Applied: var applied } when applied == compiled => null,
        { CompatibleFrom: { } from } when IsNewerThan(compiled) && string.CompareOrdinal(from, compiled) <= 0 => null, // it only grew
        _ when IsNewerThan(compiled) => $"The database is at migration {Applied}, this program was built for {compiled}, and builds before {CompatibleFrom ?? Applied} cannot use it; deploy the matching build.",
        _ => $"The database is at migration {Applied ?? "none"}, this program was built for {compiled}; run Migrator, or deploy the matching build.",
    };
}
