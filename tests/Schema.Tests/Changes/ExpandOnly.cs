using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Shabou.Schema.Tests.Changes;

/// <summary>Whether services of the last release keep working over the migrations since: the schema may grow, and loses only what they do not use.</summary>
/// <param name="released">The model of the last release.</param>
/// <param name="unused">What its code does not use, see <see cref="Released.Release.Unused"/>.</param>
/// <param name="kept">Constraints that its code keeps, see <see cref="Released.Release.Kept"/>.</param>
/// <param name="taken">Statements that take away what its code does not need, see <see cref="Released.Release.Taken"/>.</param>
internal sealed partial class ExpandOnly(IRelationalModel released, IReadOnlyCollection<string> unused, IReadOnlyCollection<string> kept, IReadOnlyCollection<string> taken)
{
    /// <returns>A sentence for each operation that breaks the last release.</returns>
    public IEnumerable<string> Objections(string id, IEnumerable<MigrationOperation> up) =>
        from operation in up
        from reason in operation is SqlOperation raw ? Statements(raw.Sql).Select(statement => Reason(statement, kept.Contains(id))) : [Reason(operation, kept.Contains(id))]
        where reason is not null
        select $"{id}: {reason}; let one release stop using it first, then add it to Schema/Released/Release.cs.";

    private string? Reason(MigrationOperation operation, bool allKept) => operation switch
    {
        DropTableOperation o when Uses(o.Schema, o.Name) => $"{o.Schema}.{o.Name} is dropped",
        RenameTableOperation o when Uses(o.Schema, o.Name) => $"{o.Schema}.{o.Name} is renamed",
        DropColumnOperation o when Uses(o.Schema, o.Table, o.Name) => $"{o.Schema}.{o.Table}.{o.Name} is dropped",
        RenameColumnOperation o when Uses(o.Schema, o.Table, o.Name) => $"{o.Schema}.{o.Table}.{o.Name} is renamed",
        DropSchemaOperation o when released.Tables.Any(t => t.Schema == o.Name) => $"the schema {o.Name} is dropped",
        DropPrimaryKeyOperation o when Uses(o.Schema, o.Table) => $"the key of {o.Schema}.{o.Table}, on which upserts rely, is dropped",
        DropUniqueConstraintOperation o when Uses(o.Schema, o.Table) => $"{o.Name} of {o.Schema}.{o.Table}, on which upserts rely, is dropped",
        DropIndexOperation { Table: { } table } o when Find(o.Schema, table)?.Indexes.Any(i => i.Name == o.Name && i.IsUnique) == true => $"the unique index {o.Name}, on which upserts rely, is dropped",
        AlterColumnOperation o when Uses(o.Schema, o.Table, o.Name) => Narrowing(o),
        AddColumnOperation o when Uses(o.Schema, o.Table) && IsDemanded(o) => $"{o.Schema}.{o.Table}.{o.Name} is required and has no default, so nothing can be inserted by the last release",
        AddCheckConstraintOperation o when !allKept && Tightens(o.Schema, o.Table, o.Name) => Tightening(o.Schema, o.Table, o.Name),
        AddUniqueConstraintOperation o when !allKept && Tightens(o.Schema, o.Table, o.Name) => Tightening(o.Schema, o.Table, o.Name),
        AddForeignKeyOperation o when !allKept && Tightens(o.Schema, o.Table, o.Name) => Tightening(o.Schema, o.Table, o.Name),
        CreateIndexOperation { IsUnique: true } o when !allKept && Tightens(o.Schema, o.Table, o.Name) => Tightening(o.Schema, o.Table, o.Name),
        _ => null,
    };

    /// <summary>Of raw SQL only the words are known, not what they concern: each that can take something away needs its line in <see cref="Released.Release.Taken"/>.</summary>
    private string? Reason(string statement, bool allKept) =>
        Losing().IsMatch(statement) && !taken.Contains(statement) ? $"the statement '{statement}' takes something away that cannot be checked"
        : !allKept && Demanding().Matches(statement).FirstOrDefault(m => !kept.Contains(m.Groups["name"].Value)) is { } demand ? $"{(demand.Groups["name"] is { Success: true } name ? $"the constraint {name.Value}" : $"'{demand.Value}'")} may refuse what the last release writes"
        : null;

    /// <summary>The statements of raw SQL as they run now, each on one line: without comments, descriptions, and the bodies of functions. A DO block is as many as it has.</summary>
    internal static IEnumerable<string> Statements(string sql) =>
        Remarks().Replace(Descriptions().Replace(FunctionBodies().Replace(sql, ""), ""), remark => remark.Value[0] == '\'' ? remark.Value : " ")
            .Split(';').Select(statement => Space().Replace(statement, " ").Trim()).Where(statement => statement.Length > 0);

    private static bool IsDemanded(AddColumnOperation column) =>
        !column.IsNullable && column is { DefaultValue: null, DefaultValueSql: null, ComputedColumnSql: null } && column.Name != "xmin" && column.FindAnnotation("Npgsql:ValueGenerationStrategy") is null;

    private static string? Narrowing(AlterColumnOperation column)
    {
        var name = $"{column.Schema}.{column.Table}.{column.Name}";
        if (!column.IsNullable && column.OldColumn.IsNullable) return $"{name} becomes required";
        if (column.MaxLength is { } now && (column.OldColumn.MaxLength ?? int.MaxValue) > now) return $"{name} becomes shorter";
        if (column.OldColumn.Precision is { } was && column.Precision is { } digits && digits - (column.Scale ?? 0) < was - (column.OldColumn.Scale ?? 0)) return $"{name} becomes narrower";
        var (from, to) = (Family(column.OldColumn.ColumnType), Family(column.ColumnType));
        return from == to || (from, to) is ("integer", "bigint") or ("smallint", "integer") or ("smallint", "bigint") or ("character varying", "text") ? null : $"{name} changes from {from} to {to}";
    }

    private static string Family(string? type) => type?.Split('(')[0] ?? "";

    private static string Tightening(string? schema, string table, string name) => $"the constraint {name} of {schema}.{table} may refuse what the last release writes";

    private bool Tightens(string? schema, string table, string name) => Uses(schema, table) && !kept.Contains(name);

    private ITable? Find(string? schema, string table) => released.Tables.FirstOrDefault(t => t.Schema == schema && t.Name == table);

    private bool Uses(string? schema, string table) => Find(schema, table) is not null && !unused.Contains($"{schema}.{table}");

    private bool Uses(string? schema, string table, string column) =>
        Uses(schema, table) && Find(schema, table)!.Columns.Any(c => c.Name == column) && !unused.Contains($"{schema}.{table}.{column}");

    // ALTER before anything but a kind of object alters a column: the word COLUMN may be left out, as after DROP and RENAME.
    [GeneratedRegex(@"\b((DROP|RENAME|TRUNCATE|SET\s+SCHEMA|SET\s+NOT\s+NULL|DETACH\s+PARTITION|DISABLE\s+(TRIGGER|RULE))\b|ALTER\s+(?!(TABLE|FUNCTION|PROCEDURE|INDEX|SEQUENCE|VIEW|MATERIALIZED|TRIGGER|TYPE|DOMAIN|TEXT|MAPPING|DEFAULT|STATISTICS|EXTENSION)\b))", RegexOptions.IgnoreCase)]
    private static partial Regex Losing();

    // What a function may do one day, a migration does not do now.
    [GeneratedRegex(@"(?<=\b(FUNCTION|PROCEDURE)\s[^$;]*)\$(?<tag>\w*)\$.*?\$\k<tag>\$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex FunctionBodies();

    [GeneratedRegex(@"\bCOMMENT\s+ON\b[^']*'([^']|'')*'", RegexOptions.IgnoreCase)]
    private static partial Regex Descriptions();

    [GeneratedRegex(@"'([^']|'')*'|--[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Remarks();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"\bADD\s+(CONSTRAINT\s+""?(?<name>\w+)""?\s+)?(CHECK|UNIQUE|EXCLUDE|FOREIGN|PRIMARY)\b|\bCREATE\s+UNIQUE\s+INDEX\s+(CONCURRENTLY\s+)?(IF\s+NOT\s+EXISTS\s+)?(?!ON\b)""?(?<name>\w+)|\bCREATE\s+UNIQUE\s+INDEX\s+ON\b|\bADD\s+(COLUMN\s+)?(?!CONSTRAINT\b)""?\w+""?\s[^,]*\bNOT\s+NULL\b(?![^,]*\bDEFAULT\b)(?<!\bDEFAULT\b[^,]*)", RegexOptions.IgnoreCase)]
    private static partial Regex Demanding();
}
