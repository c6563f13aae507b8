using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Shabou.Schema.Tests.Changes;
using Shabou.Testing;

namespace Shabou.Schema.Tests.Constraints;

/// <summary>What breaks an invariant is refused by the database itself, whoever writes it: here the superuser, in raw SQL.</summary>
public sealed class InvariantTests(TestServers servers)
{
    private const int Values = 12;

    /// <summary>So many that each kind of bad value is among them.</summary>
    private const int Many = 200;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_and_changes_that_break_an_invariant_are_refused_and_others_are_not()
    {
        var database = await SeededAsync();
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancelled);
        var wrong = new List<string>();
        var columns = (await ReadAsync(connection, """
            SELECT attrelid::regclass::text, string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
            WHERE c.relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped AND attgenerated = '' GROUP BY 1
            """, row => (Table: row.GetString(0), Names: row.GetString(1)))).ToDictionary(row => row.Table, row => row.Names);
        foreach (var rule in Rule.All)
        {
            foreach (var value in rule.Bad.Sample(Values).Distinct())
            {
                var (changed, added) = (await Attempt.RefusalAsync(connection, Update(rule, value)), await Attempt.RefusalAsync(connection, Insert(rule, value, columns[rule.Table])));
                if (changed?.SqlState != rule.SqlState) wrong.Add($"UPDATE {rule.Table}.{rule.Column} = {value}: {changed?.SqlState ?? "done"} instead of {rule.SqlState}");
                // A key that is taken is found only after the row itself was found right.
                if (added?.SqlState != rule.SqlState && !(rule.SqlState == PostgresErrorCodes.ForeignKeyViolation && added?.SqlState == PostgresErrorCodes.UniqueViolation))
                    wrong.Add($"INSERT {rule.Table}.{rule.Column} = {value}: {added?.SqlState ?? "done"} instead of {rule.SqlState}");
            }
            foreach (var value in rule.Good.Sample(Values).Distinct())
                if (await Attempt.TryAsync(connection, Update(rule, value)) is { } state) wrong.Add($"UPDATE {rule.Table}.{rule.Column} = {value}: {state}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Every_check_and_every_exclusion_refuses_what_a_rule_tries()
    {
        await using var connection = new NpgsqlConnection(await SeededAsync());
        await connection.OpenAsync(Cancelled);
        var constraints = await ReadAsync(connection, """
            SELECT c.conrelid::regclass::text, c.conname, (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = c.connamespace
            WHERE c.contype IN ('c', 'x') AND NOT t.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
            """, row => (Table: row.GetString(0), Name: row.GetString(1), Columns: row.GetFieldValue<string[]>(2)));
        Assert.True(constraints.Count > 100);
        var untried = new List<string>();
        foreach (var (table, name, columns) in constraints)
        {
            var isTried = false;
            // The first value of each rule, then the second of each, and so on: most are refused at once.
            var breaking = Rule.All.Where(rule => rule.Table == table && columns.Contains(rule.Column))
                .SelectMany(rule => rule.Bad.Sample(Many).Distinct().Select((value, turn) => (turn, Sql: Update(rule, value)))).OrderBy(attempt => attempt.turn).Select(attempt => attempt.Sql)
                .Concat(Rule.OfTwoColumns.Where(change => change.Contains($" {table} ", StringComparison.Ordinal)));
            foreach (var sql in breaking)
                if (isTried = (await Attempt.RefusalAsync(connection, $"{Alone(table, name)} {sql}"))?.ConstraintName == name) break;
            if (!isTried) untried.Add(name);
        }
        Assert.True(untried.Count == 0, $"Add a Rule that breaks {string.Join(", ", untried)}.");
    }

    [Fact]
    public Task Every_foreign_key_refuses_what_refers_to_nothing() => EachRefusesAsync(
        """
        SELECT n.nspname || '.' || t.relname, c.conname, t.relkind = 'p', format('UPDATE %s SET %s WHERE ctid = (SELECT min(ctid) FROM %1$s)', c.conrelid::regclass,
            (SELECT string_agg(format('%I = %s', a.attname, CASE format_type(a.atttypid, NULL) WHEN 'uuid' THEN 'gen_random_uuid()' WHEN 'bytea' THEN quote_literal(sha256('nobody')::text) WHEN 'integer' THEN '-7' ELSE quote_literal('nobody') END), ', ')
             FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) AND a.attgenerated = ''))
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE c.contype = 'f' AND NOT t.relispartition ORDER BY 1, 2
        """, PostgresErrorCodes.ForeignKeyViolation);

    [Fact]
    public Task Every_key_and_every_unique_index_refuses_a_second() => EachRefusesAsync(
        """
        SELECT n.nspname || '.' || t.relname, x.relname, t.relkind = 'p', format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM %1$s WHERE %3$s LIMIT 1', i.indrelid::regclass,
            (SELECT string_agg(quote_ident(a.attname), ', ') FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
            concat_ws(' AND ', coalesce(pg_get_expr(i.indpred, i.indrelid), 'true'),
                (SELECT string_agg(format('%I IS NOT NULL', a.attname), ' AND ') FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND NOT i.indnullsnotdistinct)))
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE i.indisunique AND NOT t.relispartition AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'public') ORDER BY 1, 2
        """, PostgresErrorCodes.UniqueViolation);

    /// <param name="list">Of each constraint: table, name, whether the table has partitions, and a statement that breaks it.</param>
    /// <param name="sqlState">With which it is refused.</param>
    private async Task EachRefusesAsync(string list, string sqlState)
    {
        await using var connection = new NpgsqlConnection(await SeededAsync());
        await connection.OpenAsync(Cancelled);
        var tried = 0;
        var wrong = new List<string>();
        foreach (var (table, name, isPartitioned, breaking) in await ReadAsync(connection, list, row => (row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetString(3))))
        {
            tried++;
            var refusal = await Attempt.RefusalAsync(connection, $"{Alone(table, name)} {breaking}");
            if (refusal?.SqlState != sqlState || !(refusal.ConstraintName == name || isPartitioned)) wrong.Add($"{table} {name}: {refusal?.MessageText ?? "done"}"); // a partition has an index of its own name
        }
        Assert.True(tried > 30);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Takes away, until the transaction ends, what else could refuse: triggers, other constraints, and those of others on this table.</summary>
    private static string Alone(string table, string name) =>
        $"""
        ALTER TABLE {table} DISABLE TRIGGER USER;
        DO $$ DECLARE o record; BEGIN
            FOR o IN SELECT conrelid::regclass AS place, conname FROM pg_constraint WHERE contype IN ('c', 'f') AND '{table}'::regclass IN (conrelid, confrelid) AND NOT (conrelid = '{table}'::regclass AND conname = '{name}') LOOP
                EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', o.place, o.conname);
            END LOOP;
            IF EXISTS (SELECT FROM pg_index WHERE indrelid = '{table}'::regclass AND indexrelid::regclass = to_regclass(split_part('{table}', '.', 1) || '.' || '{name}')) THEN
                FOR o IN SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid = '{table}'::regclass AND conname <> '{name}' LOOP
                    EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', o.conname);
                END LOOP;
                FOR o IN SELECT indexrelid::regclass AS place FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indisunique AND indrelid = '{table}'::regclass AND c.relname <> '{name}' LOOP
                    EXECUTE format('DROP INDEX %s', o.place);
                END LOOP;
            END IF;
        END $$;
        """;

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync(Cancelled);
        var list = new List<T>();
        while (await rows.ReadAsync(Cancelled)) list.Add(read(rows));
        return list;
    }

    private static string Update(Rule rule, string? value) => $"UPDATE {rule.Table} SET {rule.Column} = {Literal(value)} WHERE ctid = (SELECT min(ctid) FROM {rule.Table})";

    private static string Insert(Rule rule, string? value, string columns) =>
        $"INSERT INTO {rule.Table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM (SELECT r.* FROM (SELECT * FROM {rule.Table} LIMIT 1) t, jsonb_populate_record(NULL::{rule.Table}, to_jsonb(t) || jsonb_build_object('{rule.Column}', {Literal(value)}::text)) r) copy";

    private static string Literal(string? value) => value is null ? "NULL" : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private async Task<string> SeededAsync()
    {
        var database = new NpgsqlConnectionStringBuilder(await servers.CreateEmptyDatabaseAsync()) { Pooling = false }.ConnectionString;
        await using var context = TestServers.ContextOn(database);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancelled);
        foreach (var id in context.Database.GetMigrations())
        {
            await context.GetService<IMigrator>().MigrateAsync(id, Cancelled);
            if (Seeds.Of(id) is not { } seed) continue;
            await using var command = new NpgsqlCommand(seed, connection);
            await command.ExecuteNonQueryAsync(Cancelled);
        }
        return database;
    }
}
